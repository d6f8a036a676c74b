//! Random drafts, most of them wrong.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use relata::schema::{
    Draft, EndOrder, FieldDraft, FieldId, FieldType, KindDraft, KindTables, ModelDraft, ModelId, OnDelete,
    RelationshipDraft, RelationshipId, Shape, Side, Through,
};

/// Anything that a form could hold.
pub(crate) fn wild_draft() -> impl Strategy<Value = Draft> {
    let name = prop_oneof![
        Just(String::new()),
        Just("id".to_owned()),
        Just("select".to_owned()),
        Just("sqlite_x".to_owned()),
        "[a-c]{1,2}",
        any::<String>(),
    ];
    let field_type = proptest::sample::select(FieldType::ALL.to_vec());
    let field =
        (0..6u32, name.clone(), field_type, any::<[bool; 4]>(), option::of(name.clone()), name.clone())
            .prop_map(|(id, name, field_type, flags, default, column)| FieldDraft {
                id: FieldId(id),
                name,
                field_type,
                primary_key: flags[0],
                required: flags[1],
                unique: flags[2],
                indexed: flags[3],
                default,
                column,
            });
    let kind = (option::of(0..5u32), name.clone(), name.clone(), any::<bool>()).prop_map(
        |(parent, name, column, each)| {
            let tables = if each { KindTables::Each } else { KindTables::One };
            KindDraft { parent: parent.map(ModelId), name, column, tables }
        },
    );
    let model = (0..4u32, name.clone(), name.clone(), vec(field, 0..4), kind).prop_map(
        |(id, name, table, fields, kind)| ModelDraft { id: ModelId(id), name, table, fields, kind },
    );
    let shape = proptest::sample::select(vec![Shape::OneToOne, Shape::OneToMany, Shape::ManyToMany]);
    let on_delete = proptest::sample::select(OnDelete::ALL.to_vec());
    let relationship = (
        0..4u32,
        shape,
        [0..5u32, 0..5u32],
        [name.clone(), name.clone()],
        any::<[bool; 6]>(),
        [on_delete.clone(), on_delete],
        vec(name, 0..3),
        vec(0..6u32, 0..3),
    )
        .prop_map(|(id, shape, ends, names, flags, [on_delete, on_update], columns, ids)| {
            let mut relationship =
                RelationshipDraft::new(RelationshipId(id), shape, ModelId(ends[0]), ModelId(ends[1]));
            [relationship.left.name, relationship.right.name] = names;
            relationship.key_side = if flags[0] { Side::Left } else { Side::Right };
            relationship.required = flags[1];
            relationship.index = flags[5];
            relationship.on_delete = on_delete;
            relationship.on_update = on_update;
            [relationship.identifies, relationship.symmetric] = [flags[2], flags[3]];
            relationship.polymorphic =
                ids.last().filter(|id| **id > 3).map(|_| relationship.left.name.clone());
            relationship.references = ids.iter().map(|id| FieldId(*id)).collect();
            relationship.left.order =
                ids.iter().map(|id| EndOrder { field: FieldId(*id), descending: flags[0] }).collect();
            relationship.through = ids
                .first()
                .filter(|_| flags[4])
                .map(|id| Through { left: RelationshipId(*id), right: RelationshipId(id + 1) });
            relationship.join.table = columns.first().cloned().unwrap_or_default();
            relationship.join.left_columns = columns.clone();
            relationship.key_columns = columns;
            relationship
        });
    (vec(model, 0..4), vec(relationship, 0..4)).prop_map(|(models, relationships)| Draft {
        models,
        relationships,
        last_id: 99,
    })
}

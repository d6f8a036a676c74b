//! Random schemas: up to three models with up to three relationships of any shape, and cascades that SQLAlchemy accepts.

use relata::schema::{Cascades, FieldType, KindTables, ModelId, OnDelete, PassiveDeletes, Shape, Side};

use super::Chooser;
use crate::support::Sketch;

pub(super) fn schema(sketch: &mut Sketch, choose: &mut Chooser<'_>) -> Vec<ModelId> {
    let count = choose.of(&[2, 3, 1, 2]);
    let models: Vec<ModelId> = ["Author", "Book", "Club"]
        .iter()
        .take(count)
        .map(|name| match choose.below(8) {
            7 => sketch.keyed(name, &[("code", FieldType::Text)], &[("title", FieldType::Text)]),
            6 => sketch.keyed(
                name,
                &[("part", FieldType::Integer), ("number", FieldType::Text)],
                &[("title", FieldType::Text)],
            ),
            _ => sketch.model(name, &[("title", FieldType::Text)]),
        })
        .collect();
    for &model in &models {
        if choose.one_in(6) {
            sketch.field_mut(model, "title").default = Some("untitled".into());
        }
        sketch.field_mut(model, "title").required = choose.one_in(8);
    }
    if choose.one_in(4) {
        kinds(sketch, &models, choose);
    }
    for number in 0..1 + choose.below(3) {
        relationship(sketch, &models, number, choose);
    }
    models
}

/// Makes some of the later models kinds of earlier ones, in one table or in a table for each.
fn kinds(sketch: &mut Sketch, models: &[ModelId], choose: &mut Chooser<'_>) {
    for (at, &model) in models.iter().enumerate().skip(1) {
        if at == 1 || choose.one_in(2) {
            let parent = models[choose.below(at)];
            sketch.field_mut(model, "title").name = format!("title{at}");
            sketch.project.set_parent(model, Some(parent));
        }
    }
    if choose.one_in(2) {
        sketch.model_mut(models[0]).kind.tables = KindTables::Each;
    }
}

fn relationship(sketch: &mut Sketch, models: &[ModelId], number: usize, choose: &mut Chooser<'_>) {
    let shape = choose.of(&[Shape::OneToMany, Shape::ManyToMany, Shape::OneToMany, Shape::OneToOne]);
    let (left, right) = (choose.below(models.len()), choose.below(models.len()));
    let id = sketch.relate(shape, models[left], models[right]);
    sketch.name_ends(id, &format!("there{number}"), &format!("back{number}"));
    let has_kinds = |at: usize| sketch.project.draft.kinds_of(models[at]).count() > 1;
    let kinds_at = [has_kinds(left), has_kinds(right)];
    let draft = sketch.link_mut(id);
    draft.key_side = choose.of(&[Side::Right, Side::Left]);
    draft.join.table = format!("pairs{number}");
    // A key may be required if it points to an earlier model: so no ring of them can close.
    let (holder, target) = if draft.holder() == Some(Side::Left) { (left, right) } else { (right, left) };
    let mixed = kinds_at[usize::from(draft.holder() != Some(Side::Left))];
    draft.required = target < holder && !mixed && choose.one_in(3);
    let kinds =
        [OnDelete::NoAction, OnDelete::Cascade, OnDelete::Restrict, OnDelete::SetNull, OnDelete::SetDefault];
    let some = if shape == Shape::ManyToMany || draft.required { 3 } else { 5 };
    draft.on_delete = choose.of(&kinds[..some]);
    for side in Side::BOTH {
        let owns = shape != Shape::ManyToMany && draft.holder() != Some(side);
        draft.end_mut(side).cascades = cascades(owns, choose);
    }
}

fn cascades(owns: bool, choose: &mut Chooser<'_>) -> Cascades {
    let kind = choose.below(8);
    let delete = kind >= 4;
    let delete_orphan = kind == 7 || (owns && kind == 6);
    let mut passive_deletes =
        choose.of(&[PassiveDeletes::Off, PassiveDeletes::Off, PassiveDeletes::Unloaded, PassiveDeletes::All]);
    if delete && passive_deletes == PassiveDeletes::All {
        passive_deletes = PassiveDeletes::Unloaded;
    }
    Cascades {
        save_update: !choose.one_in(8),
        delete,
        delete_orphan,
        single_parent: (delete_orphan && !owns) || choose.one_in(12),
        passive_deletes,
        post_update: choose.one_in(5),
    }
}

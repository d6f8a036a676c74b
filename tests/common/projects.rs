//! Random schemas with data and a query, for property tests.

use super::kinds::{choose_tables, flat, make_kind};
use super::questions::{aggregate, ends, filters, grouping, order};
use proptest::collection::vec;
use proptest::prelude::*;
use relata::project::{Data, Pair, Project, RowId};
use relata::query::{
    ComputedDraft, FilterDraft, IncludeDraft, Joiner, OrderDraft, QueryDraft, Strategy as Loading,
};
use relata::schema::{
    Draft, EndId, EndOrder, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, OnDelete, RelationshipDraft,
    RelationshipId, Shape, Side, Through,
};

/// A seed for each choice that depends on earlier ones: proptest shrinks the numbers, the builder takes them modulo
/// what there is to choose from.
type Choices = Vec<u32>;

/// Choices that run out quietly: after the last one every choice is the first.
pub(crate) struct Chooser(std::vec::IntoIter<u32>);

impl Chooser {
    fn new(choices: Choices) -> Chooser {
        Chooser(choices.into_iter())
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        let choice = self.0.next().unwrap_or(0) as usize;
        if limit == 0 { 0 } else { choice % limit }
    }

    pub(super) fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == chance - 1
    }

    pub(super) fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A project whose schema has no errors, with data that the database may refuse in part, and a query without errors.
pub(crate) fn project() -> impl Strategy<Value = Project> {
    (vec(any::<u32>(), 0..60), vec(any::<u32>(), 0..260), vec(any::<u32>(), 0..160)).prop_map(
        |(schema, data, query)| {
            let draft = draft(&mut Chooser::new(schema));
            let data = fill(&draft, &mut Chooser::new(data));
            let query = ask(&flat(&draft), &mut Chooser::new(query));
            Project { name: "random".into(), draft, data, query, ..Project::default() }
        },
    )
}

const MODEL_NAMES: [&str; 6] = ["Author", "Order", "Person", "say \"hi\"", "Blog Post", "Ünïcode'"];

fn draft(choose: &mut Chooser) -> Draft {
    let mut draft = Draft::default();
    let models = 1 + choose.below(4);
    for (number, stem) in MODEL_NAMES.iter().enumerate().take(models) {
        let id = ModelId(draft.fresh_id());
        let mut fields = keys(&mut draft, choose);
        for index in 0..choose.below(4) {
            let id = FieldId(draft.fresh_id());
            let mut field = FieldDraft::new(id, &format!("field {index}"), choose.of(&FieldType::ALL));
            field.required = choose.one_in(5);
            field.unique = choose.one_in(6);
            field.indexed = choose.one_in(6);
            field.default = choose.one_in(5).then(|| cell(field.field_type, 1));
            fields.push(field);
        }
        let name = format!("{stem}{number}");
        let earlier: Vec<ModelId> = draft.models.iter().map(|model| model.id).collect();
        if number > 0 && choose.one_in(3) {
            let mut model = ModelDraft::new(id, &name, fields);
            make_kind(&mut model, choose.of(&earlier));
            draft.models.push(model);
            continue;
        }
        draft.models.push(ModelDraft::new(id, &name, fields));
    }
    choose_tables(&mut draft, choose);
    for number in 0..choose.below(5) {
        let relationship = relationship(&mut draft, number, choose);
        draft.relationships.push(relationship);
    }
    if choose.one_in(3) {
        add_way_through(&mut draft, choose);
    }
    if choose.one_in(3) {
        add_shared_key(&mut draft, choose);
    }
    drop_own_keys(&mut draft, choose);
    draft
}

/// A key of one model that points to a row of another one, or of a third.
fn add_shared_key(draft: &mut Draft, choose: &mut Chooser) {
    let holder = choose.below(draft.models.len());
    let holder = draft.models[holder].id;
    // Drawn before keys are dropped: a model that others identify is left out.
    let suits = |draft: &Draft, model: &ModelDraft| {
        let mut keys = draft.fields_of(model.id);
        keys.retain(|field| field.primary_key);
        let counted = keys.len() == 1 && keys[0].field_type == FieldType::Integer;
        counted && draft.identifying(draft.root_of(model.id)).next().is_none()
    };
    let targets: Vec<ModelId> =
        draft.models.iter().filter(|model| suits(draft, model)).map(|model| model.id).collect();
    let many = 1 + choose.below(3);
    let required = choose.one_in(3);
    for (number, target) in targets.into_iter().enumerate().take(many) {
        let id = RelationshipId(draft.fresh_id());
        let mut relationship = RelationshipDraft::new(id, Shape::OneToMany, target, holder);
        relationship.left.name = format!("shared there{number}");
        relationship.right.name = format!("shared back{number}");
        relationship.polymorphic = Some("sharable".into());
        relationship.required = required;
        draft.relationships.push(relationship);
    }
}

/// Two models, or one twice, tied to a third one, and a many-to-many through that.
fn add_way_through(draft: &mut Draft, choose: &mut Chooser) {
    let models: Vec<ModelId> = draft.models.iter().map(|model| model.id).collect();
    let join = choose.of(&models);
    let others: Vec<ModelId> =
        models.into_iter().filter(|model| draft.root_of(*model) != draft.root_of(join)).collect();
    if others.is_empty() {
        return;
    }
    let ends = Side::BOTH.map(|_| choose.of(&others));
    let mut add = |draft: &mut Draft, shape, left, right, name: &str| {
        let id = RelationshipId(draft.fresh_id());
        let mut relationship = RelationshipDraft::new(id, shape, left, right);
        relationship.left.name = format!("{name} there");
        relationship.right.name = format!("{name} back");
        choose_references(draft, &mut relationship, choose);
        draft.relationships.push(relationship);
        id
    };
    let left = add(draft, Shape::OneToMany, ends[0], join, "left");
    let right = add(draft, Shape::OneToMany, ends[1], join, "right");
    let through = add(draft, Shape::ManyToMany, ends[0], ends[1], "through");
    if let Some(relationship) = draft.relationship_mut(through) {
        relationship.through = Some(Through { left, right });
    }
}

/// Sometimes what identifies a model is nothing but keys of others.
fn drop_own_keys(draft: &mut Draft, choose: &mut Chooser) {
    let ids: Vec<ModelId> = draft.models.iter().map(|model| model.id).collect();
    for id in ids {
        if draft.identifying(id).next().is_some() && choose.one_in(2) {
            let named = |relationship: &RelationshipDraft| {
                let ends = Side::BOTH.map(|side| relationship.end(side).order.clone()).concat();
                let ordered: Vec<FieldId> = ends.iter().map(|term| term.field).collect();
                [relationship.references.clone(), ordered].concat()
            };
            let named: Vec<FieldId> = draft.relationships.iter().flat_map(named).collect();
            let model = draft.model_mut(id).unwrap();
            if model.fields.iter().any(|field| !field.primary_key) {
                model.fields.retain(|field| !field.primary_key || named.contains(&field.id));
            }
        }
    }
}

/// A unique field of the target instead of its primary key, where there is one.
fn choose_references(draft: &Draft, relationship: &mut RelationshipDraft, choose: &mut Chooser) {
    let target = relationship.holder().and_then(|holder| relationship.end(holder.other()).model);
    let fields = target.map_or_else(Vec::new, |target| draft.fields_of(target));
    let unique: Vec<FieldId> =
        fields.into_iter().filter(|field| field.unique).map(|field| field.id).collect();
    if !unique.is_empty() && choose.one_in(2) {
        relationship.references = vec![choose.of(&unique)];
    }
}

/// Mostly an integer `id`; sometimes a text, sometimes two columns.
fn keys(draft: &mut Draft, choose: &mut Chooser) -> Vec<FieldDraft> {
    let mut key = |name: &str, field_type| FieldDraft {
        primary_key: true,
        ..FieldDraft::new(FieldId(draft.fresh_id()), name, field_type)
    };
    match choose.below(6) {
        4 => vec![key("code", FieldType::Text)],
        5 => vec![key("part", FieldType::Integer), key("number", FieldType::Text)],
        _ => vec![key("id", FieldType::Integer)],
    }
}

fn relationship(draft: &mut Draft, number: usize, choose: &mut Chooser) -> RelationshipDraft {
    let shape = choose.of(&[Shape::OneToMany, Shape::ManyToMany, Shape::OneToOne]);
    let (left, right) = (choose.below(draft.models.len()), choose.below(draft.models.len()));
    let id = RelationshipId(draft.fresh_id());
    let mut relationship = RelationshipDraft::new(id, shape, draft.models[left].id, draft.models[right].id);
    relationship.left.name = format!("there{number}");
    relationship.right.name = format!("back{number}");
    relationship.join.table = format!("pairs {number}");
    relationship.key_side = choose.of(&Side::BOTH);
    // A key may be required if it points to an earlier model: so no ring of them can close.
    let (holder, target) =
        if relationship.holder() == Some(Side::Left) { (left, right) } else { (right, left) };
    let root = |at: usize| {
        let root = draft.root_of(draft.models[at].id);
        draft.models.iter().position(|model| model.id == root).unwrap()
    };
    let before = root(target) < root(holder);
    relationship.required = before && choose.one_in(3);
    relationship.identifies = before && root(holder) == holder && choose.one_in(4);
    relationship.symmetric = left == right && choose.one_in(2);
    relationship.index = !choose.one_in(5);
    let mut action = || {
        if shape == Shape::ManyToMany || relationship.required || relationship.identifies {
            choose.of(&[OnDelete::NoAction, OnDelete::Cascade, OnDelete::Restrict])
        } else {
            choose.of(&OnDelete::ALL)
        }
    };
    (relationship.on_delete, relationship.on_update) = (action(), action());
    choose_references(draft, &mut relationship, choose);
    for side in Side::BOTH {
        let target = if side == Side::Left { right } else { left };
        if choose.one_in(4) {
            let fields = draft.fields_of(draft.models[target].id);
            let field = fields[choose.below(fields.len())].id;
            relationship.end_mut(side).order.push(EndOrder { field, descending: choose.one_in(2) });
        }
    }
    relationship
}

/// A value of a type as typed; the number chooses which.
pub(super) fn cell(field_type: FieldType, number: usize) -> String {
    match field_type {
        FieldType::Integer => ["0", "7", "-3", "9007199254740993"][number % 4].into(),
        FieldType::Text => ["", "a", "A%", "b_c", "Ünï", "it's"][number % 6].into(),
        FieldType::Real => ["0.5", "-1.25", "3", "1e300"][number % 4].into(),
        FieldType::Decimal => ["9.90", "10", "-0.5"][number % 3].into(),
        FieldType::Boolean => ["true", "false"][number % 2].into(),
        FieldType::Date => ["2026-01-31", "1999-12-31"][number % 2].into(),
        FieldType::DateTime => ["2026-01-31 18:30:00", "2024-02-29T00:00"][number % 2].into(),
        FieldType::Blob => ["", "cafe", "00"][number % 3].into(),
    }
}

fn fill(draft: &Draft, choose: &mut Chooser) -> Data {
    let mut data = Data::default();
    for (at, model) in draft.models.iter().enumerate() {
        // Kinds of one model share their keys; sometimes two rows want the same.
        let first = if draft.root_of(model.id) == model.id || choose.one_in(6) { 0 } else { at * 100 };
        for number in first..first + choose.below(7) {
            let row = data.add_row(model.id);
            for field in draft.fields_of(model.id) {
                let text = match (field.primary_key, field.name.as_str()) {
                    (true, "id") => {
                        if choose.one_in(8) {
                            None
                        } else {
                            Some((number * 2 + 1).to_string())
                        }
                    }
                    (true, "part") => Some((number / 2).to_string()),
                    (true, _) => Some(format!("key {number}")),
                    (false, _) if choose.one_in(4) => None,
                    (false, _) => Some(cell(field.field_type, choose.below(6))),
                };
                data.set_cell(model.id, row, field.id, text);
            }
        }
    }
    for relationship in
        draft.relationships.iter().filter(|relationship| relationship.read_through().is_none())
    {
        let rows = |side| -> Vec<RowId> {
            let model = relationship.end(side).model;
            let models = model.into_iter().flat_map(|model| draft.kinds_of(model));
            models.flat_map(|model| data.rows_of(model.id)).map(|row| row.id).collect()
        };
        let (lefts, rights) = (rows(Side::Left), rows(Side::Right));
        let mut pairs = Vec::new();
        if !lefts.is_empty() && !rights.is_empty() {
            for _ in 0..choose.below(9) {
                pairs.push(Pair { left: choose.of(&lefts), right: choose.of(&rights) });
            }
        }
        let holder = relationship.holder();
        if let Some(side) =
            holder.filter(|_| relationship.identifies && !lefts.is_empty() && !rights.is_empty())
        {
            // Without it a row has no key.
            let (holders, targets) = if side == Side::Left { (&lefts, &rights) } else { (&rights, &lefts) };
            pairs.extend(holders.iter().map(|holder| Pair::new(side, *holder, choose.of(targets))));
        }
        let mut held = std::collections::BTreeSet::new();
        for pair in pairs {
            // A holder of a key has one target.
            if holder.is_none_or(|side| held.insert(pair.at(side))) {
                data.link(relationship.id, pair);
            }
        }
    }
    data
}

fn ask(draft: &Draft, choose: &mut Chooser) -> QueryDraft {
    let root = &draft.models[choose.below(draft.models.len())];
    let mut query = QueryDraft::all(root.id);
    query.includes = includes(draft, root.id, 3, &mut 5, choose);
    if choose.one_in(3) {
        for (end, target, _) in ends_of_all(draft) {
            let (joiner, conditions) =
                (choose.of(&[Joiner::And, Joiner::Or]), filters(draft, target, 2, choose));
            set_condition(&mut query.includes, end, joiner, &conditions);
        }
    }
    query.joiner = choose.of(&[Joiner::And, Joiner::Or]);
    query.filters = filters(draft, root, 3, choose);
    for number in 0..choose.below(3) {
        let computed = aggregate(draft, root.id, choose);
        query
            .computed
            .extend(computed.map(|aggregate| ComputedDraft { aggregate, name: format!("extra {number}") }));
    }
    query.grouping = choose.one_in(3).then(|| grouping(draft, root, choose));
    if choose.one_in(4) {
        let fields = root.fields.iter().filter(|_| choose.one_in(2)).map(|field| field.id);
        query.fields = fields.collect();
    }
    query.distinct = choose.one_in(4);
    query.order = order(draft, root, choose);
    if choose.one_in(3) && draft.identifying(draft.root_of(root.id)).next().is_none() {
        // Which rows a limit keeps is only defined by an order that leaves no ties, which fields alone can make.
        let keys = root.fields.iter().filter(|field| field.primary_key);
        query.order.extend(keys.map(|field| OrderDraft { field: Some(field.id), ..OrderDraft::default() }));
        query.limit = choose.of(&["1", "2", "3", "0", ""]).into();
        query.offset = choose.of(&["", "1", "2"]).into();
    }
    query
}

/// Every property of every model, with the model that it leads to.
fn ends_of_all(draft: &Draft) -> Vec<(EndId, &ModelDraft, bool)> {
    let of = |model: &ModelDraft| ends(draft, model.id);
    let all = draft.models.iter().flat_map(of);
    all.filter_map(|(end, target, many)| Some((end, draft.model(target)?, many))).collect()
}

/// The same condition wherever the property is included: an object has its targets only once.
fn set_condition(includes: &mut [IncludeDraft], end: EndId, joiner: Joiner, conditions: &[FilterDraft]) {
    for include in includes {
        if include.end == end {
            (include.joiner, include.filters) = (joiner, conditions.to_vec());
            include.inner &= conditions.is_empty();
        }
        set_condition(&mut include.includes, end, joiner, conditions);
    }
}

/// A few, so that joined collections do not multiply into millions of rows.
fn includes(
    draft: &Draft,
    model: ModelId,
    depth: usize,
    left: &mut usize,
    choose: &mut Chooser,
) -> Vec<IncludeDraft> {
    let mut includes = Vec::new();
    for relationship in &draft.relationships {
        for side in Side::BOTH {
            let target = relationship.end(side.other()).model;
            let no_property = relationship.is_symmetric() && side == Side::Right;
            if no_property
                || !relationship.end(side).model.is_some_and(|end| draft.is_kind_of(model, end))
                || depth == 0
                || *left == 0
                || choose.one_in(3)
            {
                continue;
            }
            *left -= 1;
            let loading: Vec<Loading> = Loading::loading().collect();
            let strategy = choose.of(&loading);
            let below = target.map(|target| self::includes(draft, target, depth - 1, left, choose));
            let end = EndId { relationship: relationship.id, side };
            let mut include = IncludeDraft::new(end, strategy, below.unwrap_or_default());
            let required = relationship.required && relationship.holder() == Some(side);
            let required =
                required && relationship.end(side).model.is_some_and(|end| !draft.stands_among_others(end));
            let required = required && relationship.polymorphic.is_none();
            include.inner = required && strategy == Loading::Joined && choose.one_in(2);
            if relationship.left.model == relationship.right.model && include.includes.is_empty() {
                include.depth = 1 + choose.below(3) as u32;
            }
            includes.push(include);
        }
    }
    includes
}

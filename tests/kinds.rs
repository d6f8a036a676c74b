//! Single-table inheritance: what is said of a wrong choice, the table, and on real SQLite objects of the kind that each
//! row says, by every strategy.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::mapping::explain_kinds;
use relata::project::{Project, Sample, links_at, next_key};
use relata::protocol::Limits;
use relata::query::{self, FilterDraft, IncludeDraft, QueryDraft, RelatedDraft, RelatedTest, Strategy};
use relata::schema::FieldType::{Integer, Text};
use relata::schema::{KindDraft, ModelId, RelationshipId};
use relata::value::Value;

mod support;
use support::{Sketch, all, answer, diagnose, left, right, select_in};

const COMPANY: ModelId = ModelId(1);
const EMPLOYEE: ModelId = ModelId(4);
const MANAGER: ModelId = ModelId(7);
const ENGINEER: ModelId = ModelId(9);
const EMPLOYEES: RelationshipId = RelationshipId(11);
const REPORTS: RelationshipId = RelationshipId(12);

fn sketch() -> Sketch {
    Sketch::of(Sample::Employees)
}

/// The objects of a query, each with its model and key, the roots first; and the statements.
fn ask(sketch: &Sketch, draft: &QueryDraft) -> (String, Vec<String>) {
    let mut database = sketch.open();
    let plan = sketch.plan(draft);
    let execution = database.run(&plan, Limits::default());
    assert_eq!(execution.failure, None);
    let name = |id: ModelId| sketch.project.draft.model(id).unwrap().name.clone();
    let graph = &execution.graph;
    let objects = graph.objects.iter().map(|object| format!("{} {}", name(object.model), object.key[0]));
    let statements = execution.trace.sent().map(|(_, sent)| sent.statement.text.replace('\n', " "));
    (objects.collect::<Vec<_>>().join(", "), statements.collect())
}

#[test]
fn a_query_for_the_base_gives_what_each_row_says() {
    let (objects, statements) = ask(&sketch(), &all(EMPLOYEE, vec![]));
    assert_eq!(objects, "Employee 1, Manager 2, Manager 3, Engineer 4, Engineer 5");
    assert_eq!(statements.len(), 1);
    assert!(!statements[0].contains("WHERE"), "{statements:?}");
}

#[test]
fn a_query_for_a_kind_reads_its_rows_and_columns_only() {
    let (objects, statements) = ask(&sketch(), &all(MANAGER, vec![]));
    assert_eq!(objects, "Manager 2, Manager 3");
    assert!(statements[0].contains("WHERE employees.type IN (?)"), "{statements:?}");
    assert!(!statements[0].contains("language"), "what only engineers have is not read: {statements:?}");
}

#[test]
fn a_row_is_one_object_whichever_way_it_is_reached() {
    for strategy in Strategy::loading() {
        let employees = IncludeDraft::new(
            left(EMPLOYEES),
            strategy,
            vec![IncludeDraft::new(right(REPORTS), strategy, vec![])],
        );
        let (objects, _) = ask(&sketch(), &all(COMPANY, vec![employees]));
        let mut objects: Vec<&str> = objects.split(", ").collect();
        objects.sort_unstable();
        let wanted =
            ["Company 1", "Company 2", "Employee 1", "Engineer 4", "Engineer 5", "Manager 2", "Manager 3"];
        assert_eq!(objects, wanted, "{strategy:?}");
    }
}

#[test]
fn a_way_to_a_kind_says_so_in_each_statement() {
    for strategy in Strategy::loading().chain([Strategy::Raise]) {
        let mut sketch = sketch();
        let draft = all(EMPLOYEE, vec![IncludeDraft::new(right(REPORTS), strategy, vec![])]);
        let plan = sketch.plan(&draft);
        let mut texts =
            plan.steps.iter().map(|step| relata::sql::render(&step.select, &[vec![Value::Null]]).text);
        assert!(texts.next_back().unwrap().contains("type IN (?)"), "{strategy:?}");
        sketch.project.query = draft;
    }
}

#[test]
fn a_condition_across_a_way_to_a_kind_says_so() {
    let has = |test| {
        FilterDraft::Related(RelatedDraft { end: Some(right(REPORTS)), test, ..RelatedDraft::default() })
    };
    let query = |test| QueryDraft { filters: vec![has(test)], ..all(EMPLOYEE, vec![]) };
    let (objects, statements) = ask(&sketch(), &query(RelatedTest::HasNone));
    assert_eq!(objects, "Manager 3");
    assert!(statements[0].contains("type IN (?)"), "{statements:?}");
    assert_eq!(
        ask(&sketch(), &query(RelatedTest::HasOne)).0,
        "Employee 1, Manager 2, Engineer 4, Engineer 5"
    );
}

#[test]
fn a_kind_has_the_fields_and_properties_of_what_it_is_a_kind_of() {
    let (schema, relational) = sketch().compile();
    let manager = schema.model(MANAGER).unwrap();
    let names: Vec<&str> = manager.fields.values().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["id", "name", "budget"]);
    let ends: Vec<&str> = schema.ends_of(MANAGER).map(|end| end.name).collect();
    assert_eq!(ends, ["company", "reports", "manager"]);
    let ends: Vec<&str> = schema.ends_of(ENGINEER).map(|end| end.name).collect();
    assert_eq!(ends, ["company", "manager"]);
    assert_eq!(
        explain_kinds(&schema, &relational, MANAGER).unwrap(),
        "Its rows stand in employees, the table of Employee: type says which kind each is, “manager” for Manager. What \
         only some kinds have must be able to be NULL there. The key is shared: no two rows have the same, of whichever \
         kind they are."
    );
    assert_eq!(explain_kinds(&schema, &relational, COMPANY), None);
}

#[test]
fn the_rows_of_all_kinds_are_in_one_table() {
    let mut database = sketch().open();
    let rows = answer(&mut database, "SELECT id, type, budget, language FROM employees ORDER BY id").unwrap();
    let shown: Vec<String> =
        rows.iter().map(|row| row.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(shown.len(), 5);
    assert_eq!(shown[1], "2 manager 17000 NULL");
    assert_eq!(shown[3], "4 engineer NULL Notes");
}

#[test]
fn kinds_of_one_model_count_up_their_keys_together() {
    let mut sketch = sketch();
    sketch.row(ENGINEER, &["", "Linus"]);
    sketch.row(EMPLOYEE, &["", "Pipe"]);
    let (objects, _) = ask(&sketch, &all(EMPLOYEE, vec![]));
    assert_eq!(objects, "Employee 1, Manager 2, Manager 3, Engineer 4, Engineer 5, Employee 6, Engineer 7");
    assert_eq!(next_key(&sketch.project, MANAGER).unwrap().1, "6");
}

#[test]
fn two_kinds_cannot_share_a_key() {
    let mut sketch = sketch();
    sketch.row(ENGINEER, &["2", "Linus"]);
    let (_, refusals) = sketch.try_open();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].sqlite, "UNIQUE constraint failed: employees.id");
}

#[test]
fn a_link_to_a_row_of_another_kind_leads_nowhere() {
    let mut sketch = sketch();
    let engineer = sketch.project.data.rows_of(ENGINEER)[0].id;
    let lonely = sketch.row(ENGINEER, &["9", "Linus"]);
    sketch.link(REPORTS, engineer, lonely);
    let (_, refusals) = sketch.try_open();
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].message, "It points to a Manager that is not in the database.");
}

fn said(change: impl FnOnce(&mut Sketch)) -> String {
    let mut sketch = sketch();
    change(&mut sketch);
    diagnose(&sketch).1.join("\n")
}

#[test]
fn what_is_wrong_with_kinds_is_told() {
    assert_eq!(said(|_| {}), "");
    assert_eq!(
        said(|sketch| sketch.model_mut(EMPLOYEE).kind.parent = Some(MANAGER)).lines().next().unwrap(),
        "Error m4 Parent: Employee would be a kind of what is a kind of itself. Choose another model, or none."
    );
    assert_eq!(
        said(|sketch| sketch.model_mut(MANAGER).kind.parent = Some(ModelId(99))).lines().next().unwrap(),
        "Error m7 Parent: The model that stood here no longer exists. Choose another model, or none."
    );
    assert_eq!(
        said(|sketch| sketch.model_mut(ENGINEER).kind.name = "manager".into()),
        "Error m9 Kind: Rows of another kind are marked “manager”, too. Mark each kind with a text of its own."
    );
    assert_eq!(
        said(|sketch| sketch.model_mut(EMPLOYEE).kind.column = "name".into()),
        "Error m4 KindColumn: “name” of employees is the column that says which kind a row is. Give the column that says which kind a row is another name."
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(MANAGER, "budget").primary_key = true).lines().next().unwrap(),
        "Error m7.f8 Name: Manager has the key of Employee already: its rows stand in the same table. Remove it."
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(MANAGER, "budget").required = true),
        "Note m7.f8 Name: “budget” cannot be NOT NULL: the column is in the table of Employee, where other rows have no value for it."
    );
    assert_eq!(
        said(|sketch| sketch.model_mut(MANAGER).table = "bosses".into()),
        "Warning m7 Table: This has no effect: the rows of Manager stand in the table of Employee. Clear it."
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(MANAGER, "budget").name = "name".into()).lines().next().unwrap(),
        "Error m7.f8 Name: Manager already has something called “name”. Give one of them another name."
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(MANAGER, "budget").name = "language".into()),
        "Error m9.f10 Column: Two fields want the column “language” of employees. Give one of them another column name."
    );
}

#[test]
fn a_model_becomes_a_kind_and_one_of_its_own_again() {
    let mut sketch = Sketch::new();
    let animal = sketch.model("Animal", &[("name", Text)]);
    let dog = sketch.model("Dog", &[("tricks", Integer)]);
    sketch.row(animal, &["1", "Pip"]);
    sketch.row(dog, &["1", "3"]);
    let owns = sketch.one_to_many(animal, dog);
    sketch.project.set_parent(dog, Some(animal));
    assert_eq!(sketch.project.possible_parents(animal).count(), 0, "a dog is an animal already");
    sketch.project.set_parent(animal, Some(dog));
    assert_eq!(sketch.model_mut(animal).kind, KindDraft::default(), "what is a kind of itself is not made");
    assert_eq!(ask(&sketch, &all(animal, vec![])).0, "Animal 1, Dog 2");
    assert!(
        links_at(&sketch.project, dog).iter().any(|link| link.end == left(owns)),
        "it inherits the property"
    );
    sketch.project.set_parent(dog, None);
    assert_eq!(ask(&sketch, &all(animal, vec![])).0, "Animal 1");
    assert_eq!(ask(&sketch, &all(dog, vec![])).0, "Dog 1");
}

#[test]
fn what_only_other_kinds_have_is_no_property_of_a_kind() {
    let (schema, _) = sketch().compile();
    let report = query::check(&all(ENGINEER, vec![select_in(left(REPORTS), vec![])]), &schema);
    assert_eq!(report.diagnostics[0].message, "This relationship is no longer there.");
    assert!(query::check(&all(MANAGER, vec![select_in(right(EMPLOYEES), vec![])]), &schema).value.is_some());
}

#[test]
fn an_old_file_without_kinds_opens() {
    let project = Sample::AuthorBook.project();
    let mut json: serde_json::Value = serde_json::from_str(&project.to_json()).unwrap();
    for model in json.pointer_mut("/draft/models").unwrap().as_array_mut().unwrap() {
        assert!(model.as_object_mut().unwrap().remove("kind").is_some());
    }
    assert_eq!(Project::from_json(&json.to_string()).unwrap(), project);
}

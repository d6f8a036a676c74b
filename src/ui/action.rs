//! Everything that can happen to the page's state.

use crate::explain::IndexOn;
use crate::project::{Data, Project, RowId, Sample};
use crate::protocol::{Answer, Failure, RequestId};
use crate::query::{
    ComputedDraft, FilterDraft, GroupingDraft, HavingDraft, IncludeDraft, Joiner, OrderDraft, Path, Strategy,
};
use crate::schema::{
    Cascades, EndId, EndOrder, FieldId, FieldType, KindTables, ModelId, OnDelete, OnUpdate, RelationshipId,
    RelationshipPart, Shape, Side, Through,
};
use crate::session::{ScriptDraft, StepDraft};

use super::generating::Generate;
use super::keeping::Keep;
use super::parts::{Arrival, Part};
use super::programs::Language;
pub use super::schema::diagram::{DiagramEdit, Look};
use super::scripting::{ScriptTab, Task};
use super::state::{Panel, ResultTab, Theme};

/// Everything that can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The document changes. Can be undone.
    Edit(Edit),
    /// Take the last edit back.
    Undo,
    /// Make it again.
    Redo,
    /// Another document is opened. Can be undone.
    Open(Box<Project>),
    /// A sample is opened. Can be undone.
    OpenSample(Sample),
    /// Begin anew with nothing. The document so far can be brought back.
    NewProject,
    /// The query is to be run, or the script where that is shown.
    Run,
    /// The running query or script is to be stopped: the worker is replaced and the project reopened.
    Stop,
    /// The worker answered.
    Answered(RequestId, Result<Answer, Failure>),
    /// A message was sent to the worker.
    Asked(RequestId, Asked),
    /// The worker died or does not answer; another one is being started.
    WorkerLost(String),
    /// The worker cannot be started at all.
    WorkerFailed(String),
    /// The project could not be kept in the browser.
    SaveFailed(String),
    /// A row of the rows view is on screen and wanted.
    Scrolled(crate::query::StepId, u32),
    /// A choice of what to show.
    Show(Show),
    /// Rows are to be deleted: the worker is asked what that does.
    DeleteRows(ModelId, Vec<RowId>),
    /// A row of a statement typed by hand is on screen and wanted.
    SqlScrolled(u32, u32),
    /// SQL that was run before is to stand in the console again.
    Recall(Recall),
    /// Something happens to generated rows.
    Generate(Generate),
    /// The notice was read.
    DismissNotice,
    /// Something about a part of the page's program.
    Part(Part, Arrival),
    /// The strategies are to be compared.
    Compare,
    /// Advice is followed: this is indexed, and the query run again.
    Mend(IndexOn),
    /// What would become of everything if this object were deleted? The session's script is made of the question.
    WhatIf(Subject),
    /// What the script has left becomes the document's data. Can be undone.
    CommitScript,
    /// What the script has left is forgotten, and a question gives way to the script that was there before.
    RollBackScript,
    /// Something happens to the console's own database.
    Keep(Keep),
}

/// An object that a question is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A row of the document.
    Row(ModelId, RowId),
    /// An object of a result, by its primary key.
    Object(ModelId, Vec<crate::value::Value>),
}

/// What was asked of the worker, remembered until it answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Who it is.
    Hello,
    /// To make the database anew, from the document of this revision.
    Open(u64),
    /// To run the query.
    Run,
    /// To run the script.
    Script,
    /// To run the console's text.
    Sql,
    /// To show rows of it.
    SqlRows(crate::protocol::RowsWanted),
    /// To show rows.
    Rows(crate::protocol::RowsWanted),
    /// What deleting these rows would do.
    Foresee(ModelId, Vec<RowId>),
    /// To compare the strategies.
    Compare,
    /// To show generated rows.
    Made,
}

/// Which of the texts that were run before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recall {
    /// The one before that which stands there.
    Older,
    /// The one after it, and at last what was typed before any of them stood there.
    Newer,
    /// This one, counted from the latest.
    At(usize),
}

/// A choice of what to show. Not part of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Show {
    /// This panel, where only one fits.
    Panel(Panel),
    /// This tab of the results.
    Result(ResultTab),
    /// The grid of this model.
    Grid(ModelId),
    /// The rows of this step.
    Step(crate::query::StepId),
    /// The query, the session, or the console.
    Task(Task),
    /// This tab of what came of the script.
    Script(ScriptTab),
    /// The schema in this language.
    Language(Language),
    /// These colours.
    Theme(Theme),
    /// Parameters where they stand in the statements, or apart.
    InPlace(bool),
    /// What each statement costs over a network with this latency, in milliseconds.
    Latency(u32),
    /// The diagram in this way.
    Diagram(Look),
    /// The query as a sentence, where there is little room for its form.
    QueryFolded(bool),
    /// The list of what this relationship's key does on a deletion.
    OnDelete(RelationshipId),
    /// What a first visit is told.
    Tips(bool),
    /// The page as a class is to see it, or as one works with it.
    Presenting(bool),
}

/// A change of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The project's name.
    Rename(String),
    /// A new model, with an integer key `id`.
    AddModel,
    /// A change of a model.
    Model(ModelId, ModelEdit),
    /// A change of a field.
    Field(ModelId, FieldId, FieldEdit),
    /// A new relationship between two models.
    AddRelationship(Shape, ModelId, ModelId),
    /// A change of a relationship.
    Relationship(RelationshipId, RelationshipEdit),
    /// A change of the data.
    Data(DataEdit),
    /// A change of the query.
    Query(QueryEdit),
    /// A change of the session's script.
    Script(ScriptEdit),
    /// A box of the diagram in another place.
    Diagram(DiagramEdit),
    /// The console's text.
    Sql(String),
}

/// A change of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelEdit {
    /// Its name.
    Name(String),
    /// Its table's name.
    Table(String),
    /// The model that it is a kind of.
    Parent(Option<ModelId>),
    /// What marks its rows among those of other kinds.
    Kind(String),
    /// The column that says which kind a row is.
    KindColumn(String),
    /// Which tables the rows of its kinds stand in.
    KindTables(KindTables),
    /// Its place among the models: one up (−1) or one down (1).
    Move(i32),
    /// A new text field.
    AddField,
    /// Away with it, and with everything that hangs on it.
    Delete,
}

/// A change of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldEdit {
    /// Its name.
    Name(String),
    /// Its type.
    Type(FieldType),
    /// Whether it is, or is part of, the primary key.
    PrimaryKey(bool),
    /// Whether it is required.
    Required(bool),
    /// Whether it is unique.
    Unique(bool),
    /// Whether it has an index.
    Indexed(bool),
    /// Its default as typed.
    Default(Option<String>),
    /// Its column's name.
    Column(String),
    /// Its place among the fields: one up (−1) or one down (1).
    Move(i32),
    /// Away with it, and with its values.
    Delete,
}

/// A change of a relationship.
#[derive(Clone, Debug, PartialEq)]
pub enum RelationshipEdit {
    /// Its shape.
    Shape(Shape),
    /// Whether the end on this side leads to many.
    Many(Side, bool),
    /// The model at an end.
    Model(Side, ModelId),
    /// The name of the property at an end.
    Name(Side, String),
    /// Which side holds the key of a one-to-one.
    KeySide(Side),
    /// Left becomes right: the sentence is read the other way round.
    Turn,
    /// Whether the holder needs its target.
    Required(bool),
    /// What happens on delete.
    OnDelete(OnDelete),
    /// What happens when the key of the target changes.
    OnUpdate(OnUpdate),
    /// The join model's relationships that a many-to-many is read through, or a join table of its own.
    Through(Option<Through>),
    /// Whether a many-to-many of a model with itself goes both ways.
    Symmetric(bool),
    /// The fields of the target that the key refers to; none for its primary key.
    References(Vec<FieldId>),
    /// Whether the key is part of the holder's primary key.
    Identifies(bool),
    /// The name of the key that it shares with others, or a key of its own.
    Polymorphic(Option<String>),
    /// Whether its keys have indexes.
    Index(bool),
    /// The order of the collection at an end.
    Order(Side, OrderEdit),
    /// What the session does with the objects behind the property at an end.
    Cascades(Side, Cascades),
    /// The name of a column or of the join table, by the part it belongs to and its position there.
    Column(RelationshipPart, usize, String),
    /// Its place among the relationships: one up (−1) or one down (1).
    Move(i32),
    /// Away with it, and with its links.
    Delete,
}

/// A change of the order of a collection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OrderEdit {
    /// By another field, after the others.
    Add(FieldId),
    /// Another term in place of the one at this position.
    Set(usize, EndOrder),
    /// The term at this position away.
    Remove(usize),
}

/// A change of the data.
#[derive(Clone, Debug, PartialEq)]
pub enum DataEdit {
    /// A new row, its key filled in.
    AddRow(ModelId),
    /// A cell typed or cleared.
    Cell(ModelId, RowId, FieldId, Option<String>),
    /// A property to one, pointed to a row or to none.
    Link(EndId, RowId, Option<RowId>),
    /// A property to many, linked to a row or unlinked from it.
    Toggle(EndId, RowId, RowId),
    /// Rows away, as the worker foresaw it.
    Apply(crate::protocol::Changes),
    /// Rows away that the database never took.
    Discard(Vec<RowId>),
    /// All of it as a session left it.
    Adopt(Box<Data>),
    /// What the generated rows are made by; `None` for none.
    Generate(Option<crate::project::Recipe>),
}

/// A change of the query.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryEdit {
    /// The model. Includes, filters and order of another one go.
    Root(ModelId),
    /// Another relationship to load, below the include at this path (empty: below the root).
    Include(Path, IncludeDraft),
    /// How the include at this path is loaded.
    Strategy(Path, Strategy),
    /// Every include loaded in this way.
    EveryStrategy(Strategy),
    /// The include at this path away, with those below it.
    RemoveInclude(Path),
    /// Whether the join of the include at this path leaves out objects without a target.
    Inner(Path, bool),
    /// How many times the include at this path is followed.
    Depth(Path, u32),
    /// A change of conditions: those on the targets of the include at this path; `None` for the query's own.
    Filter(Option<Path>, FilterEdit),
    /// The fields that are wanted; none for all.
    Fields(Vec<FieldId>),
    /// The computed values.
    Computed(Vec<ComputedDraft>),
    /// The name of a computed value as typed, by position.
    ComputedName(usize, String),
    /// Whether equal objects come back once.
    Distinct(bool),
    /// The order.
    Order(Vec<OrderDraft>),
    /// The groups that are asked for; `None` to ask for objects.
    Groups(Option<GroupingDraft>),
    /// The name of something computed of each group as typed, by position.
    GroupName(usize, String),
    /// The condition on something computed of each group, by position.
    Having(usize, HavingDraft),
    /// The limit as typed.
    Limit(String),
    /// The offset as typed.
    Offset(String),
}

/// A change of the session's script.
#[derive(Clone, Debug, PartialEq)]
pub enum ScriptEdit {
    /// Another step at the end.
    Add(StepDraft),
    /// Another step in place of the one at this position.
    Set(usize, StepDraft),
    /// The step at this position one up (−1) or one down (1).
    Move(usize, i32),
    /// The step at this position away.
    Remove(usize),
    /// Another script in its place.
    Replace(ScriptDraft),
}

/// A change of a list of conditions. Paths lead through the groups in it.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterEdit {
    /// How the conditions at this path are combined (empty: the outermost).
    Joiner(Path, Joiner),
    /// Another condition in the group at this path.
    Add(Path, FilterDraft),
    /// Another condition in place of the one at this path.
    Set(Path, FilterDraft),
    /// The condition at this path away.
    Remove(Path),
}

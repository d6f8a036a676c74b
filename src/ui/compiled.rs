//! What the document becomes, as far as it has no errors: schema, tables, SQL, the plan of the query, the script.

use std::rc::Rc;

use crate::mapping::{Relational, map};
use crate::project::Project;
use crate::query::{self, Grouping, Plan, Query, QueryDraft, Question};
use crate::schema::{self, Diagnostic, ModelId, Place, Schema};
use crate::session::{self, Script, ScriptDraft};
use crate::sql::{Statement, ddl};

/// What a document compiles to: diagnostics, and as much of the rest as there are no errors before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compiled {
    /// What there is to say about the schema.
    pub schema_diagnostics: Vec<Diagnostic<Place>>,
    /// What there is to say about the query.
    pub query_diagnostics: Vec<Diagnostic<query::Place>>,
    /// What there is to say about the session's script.
    pub script_diagnostics: Vec<Diagnostic<session::Place>>,
    /// The schema and all that follows from it, if it has no errors.
    pub good: Option<Rc<Good>>,
    /// The query and its plan, if neither it nor the schema has errors.
    pub planned: Option<Rc<Planned>>,
    /// The script, if neither it nor the schema has errors.
    pub script: Option<Rc<Script>>,
}

/// A schema without errors and what it becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Good {
    /// The schema.
    pub schema: Schema,
    /// Its tables.
    pub relational: Relational,
    /// The statements that create them.
    pub ddl: Vec<Statement>,
}

/// A query without errors and what it becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum Planned {
    /// Objects are asked for.
    Objects {
        /// The query.
        query: Query,
        /// Its plan.
        plan: Plan,
    },
    /// Rows about groups of objects are.
    Groups(Grouping),
}

impl Planned {
    /// The model whose objects are asked for, or grouped.
    pub fn root(&self) -> ModelId {
        match self {
            Planned::Objects { query, .. } => query.root,
            Planned::Groups(grouping) => grouping.root,
        }
    }

    /// The plan by which objects are loaded; groups have none.
    pub fn plan(&self) -> Option<&Plan> {
        match self {
            Planned::Objects { plan, .. } => Some(plan),
            Planned::Groups(_) => None,
        }
    }
}

impl Compiled {
    /// Compiles a document. Pure: the same document gives the same result.
    pub fn of(project: &Project) -> Compiled {
        let report = schema::check(&project.draft);
        let mut schema_diagnostics = report.diagnostics;
        let good = report.value.and_then(|schema| {
            let mapped = map(&schema);
            schema_diagnostics.extend(mapped.diagnostics);
            let relational = mapped.value?;
            let ddl = ddl(&relational);
            Some(Rc::new(Good { schema, relational, ddl }))
        });
        let blank = Compiled { schema_diagnostics, good, ..Compiled::default() };
        blank.with_query(&project.query).with_script(&project.script)
    }

    /// The same schema with another script.
    pub fn with_script(mut self, script: &ScriptDraft) -> Compiled {
        self.script_diagnostics = Vec::new();
        self.script = self.good.as_ref().and_then(|good| {
            let report = session::check(script, &good.schema, &good.relational);
            self.script_diagnostics = report.diagnostics;
            report.value.map(Rc::new)
        });
        self
    }

    /// The same schema with another query.
    pub fn with_query(mut self, query: &QueryDraft) -> Compiled {
        self.query_diagnostics = Vec::new();
        self.planned = self.good.as_ref().and_then(|good| {
            let report = query::ask(query, &good.schema);
            self.query_diagnostics = report.diagnostics;
            Some(Rc::new(match report.value? {
                Question::Objects(query) => {
                    let plan = query::plan(&query, &good.schema, &good.relational);
                    Planned::Objects { query, plan }
                }
                Question::Groups(grouping) => Planned::Groups(grouping),
            }))
        });
        self
    }
}

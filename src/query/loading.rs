//! Plans what a query loads with its objects: each include by its strategy, and what loads a property where none of them
//! gets to.

use std::collections::BTreeMap;

use super::checked::{Include, Query};
use super::plan::{Node, NodeId, Role};
use super::planner::{Asked, Planner};
use super::strategy::{StatementUse, Strategy};
use crate::schema::ModelId;

/// Plans all that a query includes.
pub(super) fn load_all(planner: &mut Planner<'_>, query: &Query, root: NodeId) {
    let mut nodes = BTreeMap::from([(planner.schema().root_of(query.root), 1)]);
    count(planner, &query.includes, &mut nodes);
    Loading { planner, nodes }.all(root, &query.includes, Above::default());
}

/// At how many nodes each model's objects are read, those of its kinds among them.
fn count(planner: &Planner<'_>, includes: &[Include], nodes: &mut BTreeMap<ModelId, u32>) {
    for include in includes {
        if let Some(end) = planner.schema().end(include.end) {
            *nodes.entry(planner.schema().root_of(end.target.id)).or_default() += 1;
            count(planner, &include.includes, nodes);
        }
    }
}

/// How the objects that a property is to be loaded for were read.
#[derive(Clone, Copy, Default)]
struct Above {
    /// They hang on objects whose properties are loaded one by one, which passes over those that are known already.
    passed_over: bool,
    /// They may come by a plain load.
    plain: bool,
}

struct Loading<'a, 'b> {
    planner: &'a mut Planner<'b>,
    nodes: BTreeMap<ModelId, u32>,
}

impl Loading<'_, '_> {
    fn all(&mut self, parent: NodeId, includes: &[Include], above: Above) {
        for include in includes {
            let Some(end) = self.planner.schema().end(include.end) else { continue };
            let asked = Asked { parent, end, inner: include.inner, filter: &include.filter };
            let node = self.planner.load(include.strategy, &asked, Role::Asked);
            let family = self.planner.schema().root_of(end.model.id);
            let read_elsewhere = above.plain || self.nodes.get(&family).is_some_and(|nodes| *nodes > 1);
            let bare = include.strategy == Strategy::Lazy && include.includes.is_empty();
            let plain = read_elsewhere && !bare && (above.passed_over || include.strategy.waits());
            let passes_over = include.strategy.loader().passes_over();
            self.all(node, &include.includes, Above { passed_over: above.passed_over || passes_over, plain });
            if plain {
                self.plain(&asked);
            }
        }
    }

    /// The lazy load of a property with nothing else, once for each property.
    fn plain(&mut self, asked: &Asked<'_>) {
        let is_it =
            |node: &Node| node.role == Role::Plain && node.parent.is_some_and(|(_, end)| end == asked.end.id);
        if !self.planner.nodes().iter().any(is_it) {
            self.planner.load(Strategy::Lazy, asked, Role::Plain);
        }
    }
}

/// Whether a statement beside the root's own will choose the root's objects once more.
pub(super) fn repeats_root(includes: &[Include]) -> bool {
    includes.iter().any(|include| match include.strategy.loader().uses_statement() {
        StatementUse::Repeats => true,
        StatementUse::Joins | StatementUse::Widens => repeats_root(&include.includes),
        StatementUse::None => false,
    })
}

//! The rows of a statement typed by hand: each column in the colour of the model that it comes from, each cell tied to
//! its object as far as the row holds its key.

use web_sys::KeyboardEvent;
use yew::{
    Callback, Html, Properties, classes, function_component, html, use_memo, use_mut_ref, use_node_ref,
};

use super::columns::{Group, Owner, groups};
use crate::mapping::{Column, Table};
use crate::protocol::{RowShown, RowsShown, SqlOrigin, SqlRan};
use crate::schema::{ModelId, Origin};
use crate::ui::action::Action;
use crate::ui::app::use_dispatch;
use crate::ui::arrows;
use crate::ui::consoling::SqlShown;
use crate::ui::legend::Legend;
use crate::ui::results::columns::{Repeat, repeats, text_length};
use crate::ui::results::rows_table::{spacer, use_scrolling, value};
use crate::ui::results::words::grouped;
use crate::ui::results::{badge, token};
use crate::ui::slice::Slice;
use crate::ui::sql_view::tokens;
use crate::ui::tone::Badge;
use crate::value::Value;

/// What a [`SqlTable`] shows.
#[derive(Properties, PartialEq)]
pub(super) struct SqlTableProps {
    /// The run.
    pub ran: Slice<SqlShown>,
    /// Which of its statements.
    pub at: usize,
    /// The rows at hand.
    pub shown: Option<Slice<RowsShown>>,
    /// The models' colours.
    pub legend: Legend,
}

/// The rows of a statement.
#[function_component]
pub(super) fn SqlTable(props: &SqlTableProps) -> Html {
    let dispatch = use_dispatch();
    let frame = use_node_ref();
    let number = props.at as u32;
    let total = props.ran.outcome.statements.get(props.at).map_or(0, |ran| ran.rows);
    let tell = Callback::from(move |first| dispatch.emit(Action::SqlScrolled(number, first)));
    let range = use_scrolling(&frame, total, tell);
    let marks = use_memo(props.shown.clone(), |shown| {
        let nodes = props.ran.outcome.statements.get(props.at).map_or(0, |ran| ran.nodes.len());
        shown.as_ref().map(|shown| repeats(&shown.rows, nodes)).unwrap_or_default()
    });
    // Columns grow with what is scrolled into view but never shrink: the table does not jump.
    let widest = use_mut_ref(Vec::<u32>::new);
    let Some(ran) = props.ran.outcome.statements.get(props.at) else { return Html::default() };
    let table = Rows { ran, groups: groups(&ran.columns), marks: &marks, props };
    let mut widest = widest.borrow_mut();
    let wanted = table.widths();
    widest.resize(wanted.len(), 0);
    widest.iter_mut().zip(wanted).for_each(|(widest, wanted)| *widest = wanted.max(*widest));
    html! {
        <div class="rows__frame" ref={frame} tabindex="0" role="region" aria-label={format!("Rows of statement {}", number + 1)}
            onkeydown={|event: KeyboardEvent| arrows::go(&event, ".rows__frame", "td[data-of]")}>
            <table class="rows__table" width={widest.iter().sum::<u32>().to_string()} aria-rowcount={(total + 2).to_string()}>
                <colgroup>{ for widest.iter().map(|width| html! { <col width={width.to_string()} /> }) }</colgroup>
                <thead class="rows__head">
                    <tr aria-rowindex="1">{ for table.groups.iter().map(|group| table.group_head(group)) }</tr>
                    <tr aria-rowindex="2">{ for table.groups.iter().flat_map(|group| table.labels(group)) }</tr>
                </thead>
                <tbody>
                    { spacer(range.start, ran.columns.len()) }
                    { for range.clone().map(|row| table.row(row)) }
                    { spacer(total - range.end, ran.columns.len()) }
                </tbody>
            </table>
        </div>
    }
}

struct Rows<'a> {
    ran: &'a SqlRan,
    groups: Vec<Group>,
    marks: &'a [Vec<Repeat>],
    props: &'a SqlTableProps,
}

impl Rows<'_> {
    /// The table that columns belong to, if it is one of the schema's.
    fn table(&self, group: &Group) -> Option<&Table> {
        let id = match &group.owner {
            Owner::Node(node) => self.ran.nodes.get(*node)?.table,
            Owner::Table(id) => *id,
            Owner::Foreign(_) | Owner::Nobody => return None,
        };
        self.props.ran.good.relational.tables.get(id.0 as usize)
    }

    fn model(&self, group: &Group) -> Option<ModelId> {
        match self.table(group)?.origin() {
            Origin::Model(model) | Origin::Field(model, _) => Some(model),
            Origin::Relationship(_) => None,
        }
    }

    fn tone(&self, group: &Group) -> &'static str {
        self.model(group).map_or("tone-none", |model| self.props.legend.class(model))
    }

    fn column(&self, at: usize) -> Option<&Column> {
        match &self.ran.columns.get(at)?.origin {
            SqlOrigin::Column(table, column) => {
                self.props.ran.good.relational.tables.get(table.0 as usize)?.columns.get(*column as usize)
            }
            _ => None,
        }
    }

    fn group_head(&self, group: &Group) -> Html {
        let (legend, colspan) = (&self.props.legend, group.width.to_string());
        let class = classes!("rows__group", self.tone(group));
        match (self.table(group), self.model(group)) {
            (Some(table), Some(model)) => html! {
                <th {class} {colspan} scope="colgroup" data-of={model.to_string()}>
                    <Badge tone={legend.class(model)} letter={legend.letter(model).to_owned()} class="sqls__badge" />
                    <span class="rows__model">{ legend.name(model) }</span>
                    <span class="rows__property">{ &table.name }</span>
                </th>
            },
            (Some(table), None) => html! {
                <th {class} {colspan} scope="colgroup" data-of={tokens(&[table.origin()])} title="The join table of a relationship">
                    { &table.name }
                </th>
            },
            (None, _) => {
                let (what, why) = match &group.owner {
                    Owner::Foreign(table) => (table.as_str(), "A table that is none of the models’"),
                    _ => ("no origin", "Computed: it comes from no single column"),
                };
                html! { <th class="rows__group rows__group--key" {colspan} scope="colgroup" title={why}>{ what.to_owned() }</th> }
            }
        }
    }

    fn labels(&self, group: &Group) -> Vec<Html> {
        let tone = self.tone(group);
        let labels = (group.first..group.first + group.width).map(|at| {
            let (label, column) = (&self.ran.columns[at].label, self.column(at));
            let class = classes!("rows__label", tone, (at == group.first).then_some("rows__label--first"));
            let field = column.and_then(|column| self.field(column));
            let other = field.as_deref().filter(|field| field != label);
            html! {
                <th {class} key={at} scope="col" data-of={column.map(|column| tokens(&[column.origin()]))}
                    title={column.map(|column| self.title(group, column))}>
                    { label }
                    if let Some(field) = other {
                        <span class="sqls__field">{ format!(" ← {field}") }</span>
                    }
                </th>
            }
        });
        labels.collect()
    }

    /// The name of the field that a column holds.
    fn field(&self, column: &Column) -> Option<String> {
        let Origin::Field(model, field) = column.origin() else { return Some(column.name.clone()) };
        let model = self.props.ran.good.schema.model(model)?;
        model.fields.get(&field).map(|field| field.name.clone())
    }

    fn title(&self, group: &Group, column: &Column) -> String {
        let table = self.table(group).map_or("", |table| &table.name);
        match (column.origin(), self.field(column)) {
            (Origin::Field(model, _), Some(field)) => {
                format!("{}.{field}, column {} of {table}", self.props.legend.name(model), column.name)
            }
            _ => format!("Column {} of {table}", column.name),
        }
    }

    fn row(&self, number: u32) -> Html {
        let at_hand = self.props.shown.as_ref().and_then(|shown| {
            let at = number.checked_sub(shown.wanted.start)? as usize;
            Some((at, shown.rows.get(at)?))
        });
        let index = (number + 3).to_string();
        match at_hand {
            Some((at, row)) => html! {
                <tr key={number} class="rows__row" aria-rowindex={index}>
                    { for self.groups.iter().flat_map(|group| self.cells(group, row, at)) }
                </tr>
            },
            None => html! {
                <tr key={number} class="rows__row rows__row--waiting" aria-rowindex={index}>
                    <td colspan={self.ran.columns.len().to_string()}>{ format!("row {} …", grouped(number + 1)) }</td>
                </tr>
            },
        }
    }

    fn cells(&self, group: &Group, row: &RowShown, at: usize) -> Vec<Html> {
        let node = match group.owner {
            Owner::Node(node) => Some(node),
            _ => None,
        };
        let object = node.and_then(|node| row.objects.get(node).copied().flatten());
        let repeat = node.and_then(|node| self.marks.get(at)?.get(node).copied()).unwrap_or_default();
        let again = (repeat != Repeat::First).then_some("rows__cell--again");
        let tone = self.tone(group);
        let cells = (group.first..group.first + group.width).map(|column| {
            let own = self.column(column).map(|column| tokens(&[column.origin()]));
            let model = self.model(group).map(|model| model.to_string());
            let model = model.filter(|model| !own.iter().any(|own| own.split(' ').any(|own| own == model)));
            let of: Vec<String> = object.map(token).into_iter().chain(own).chain(model).collect();
            let first = column == group.first;
            let class = classes!("rows__cell", tone, again, first.then_some("rows__cell--first"));
            let badge = node.filter(|_| first && group.leads).map(|node| self.badge(node, row, repeat));
            html! {
                <td {class} key={column} data-of={(!of.is_empty()).then(|| of.join(" "))} tabindex="-1">
                    { badge }{ row.cells.get(column).map(value) }
                </td>
            }
        });
        cells.collect()
    }

    /// The object's badge, or that the outer join found none.
    fn badge(&self, node: usize, row: &RowShown, repeat: Repeat) -> Html {
        let shape = &self.ran.nodes[node];
        if row.objects.get(node).copied().flatten().is_none() {
            return html! { <span class="rows__nobody" title="No object: its key is NULL">{ "∅" }</span> };
        }
        let key: Vec<Value> =
            shape.key.iter().filter_map(|at| row.cells.get(*at as usize).cloned()).collect();
        let (mark, title) = match repeat {
            Repeat::First => ("", None),
            Repeat::Ditto => ("object-badge--again", Some("The same object as in the row above")),
            Repeat::Again => ("object-badge--again", Some("The same object as further up")),
        };
        html! { <span class="rows__badge" {title}>{ badge(&self.props.legend, shape.model, &key, mark) }</span> }
    }

    /// A width in pixels for each column: enough for its headings and for the values at hand, within reason.
    fn widths(&self) -> Vec<u32> {
        const LETTER: u32 = 9;
        let letters = |text: &str| text.chars().count() as u32;
        let mut widths: Vec<u32> = (0..self.ran.columns.len())
            .map(|at| {
                let label = &self.ran.columns[at].label;
                let field =
                    self.column(at).and_then(|column| self.field(column)).filter(|field| field != label);
                letters(label) + field.map_or(0, |field| letters(&field) + 3)
            })
            .collect();
        for row in self.props.shown.iter().flat_map(|shown| &shown.rows) {
            for (width, cell) in widths.iter_mut().zip(&row.cells) {
                *width = (*width).max(text_length(cell));
            }
        }
        for group in &self.groups {
            let head = match (&group.owner, self.table(group), self.model(group)) {
                (_, Some(table), Some(model)) => {
                    letters(&table.name) + letters(self.props.legend.name(model)) + 5
                }
                (_, Some(table), None) => letters(&table.name),
                (Owner::Foreign(table), ..) => letters(table),
                _ => 9,
            };
            // The badge of the object stands in its first column.
            let badge = if group.leads && matches!(group.owner, Owner::Node(_)) { 7 } else { 0 };
            widths[group.first] += badge;
            let all: u32 = widths[group.first..group.first + group.width].iter().sum();
            widths[group.first] += head.saturating_sub(all);
        }
        widths.into_iter().map(|letters| letters.clamp(4, 40) * LETTER + 20).collect()
    }
}

//! What a first visit is told: what this is for, and three things to try, each of which does itself.

use yew::{Callback, Html, MouseEvent, html};

use super::palette::perform;
use crate::query::Strategy;
use crate::ui::action::{Action, Edit, QueryEdit, Show};
use crate::ui::app::Dispatch;
use crate::ui::commands::Deed;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::scripting::Task;
use crate::ui::state::{Panel, ResultTab};

/// What there is to try, and what each of it does.
fn tries() -> [(&'static str, Vec<Deed>); 3] {
    let show = |show| Deed::Act(Action::Show(show));
    let run = |tab| {
        let shown = [Show::Panel(Panel::Query), Show::Task(Task::Query), Show::Result(tab)];
        shown.into_iter().map(show).chain([Deed::Act(Action::Run)])
    };
    let joined = Edit::Query(QueryEdit::EveryStrategy(Strategy::Joined));
    [
        ("run the query", run(ResultTab::Statements).collect()),
        (
            "load it joined instead",
            [Deed::Act(Action::Edit(joined))].into_iter().chain(run(ResultTab::Rows)).collect(),
        ),
        (
            "choose what deleting does",
            vec![show(Show::Panel(Panel::Define)), Deed::Focus(".sentence__delete".into())],
        ),
    ]
}

/// The line.
pub(in crate::ui) fn tips(dispatch: &Dispatch) -> Html {
    let one = |(name, deeds): (&'static str, Vec<Deed>)| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| perform(deeds.clone(), dispatch.clone()));
        html! { <button type="button" class="tips__one" {onclick}>{ name }</button> }
    };
    let close = dispatch.reform(|_: MouseEvent| Action::Show(Show::Tips(false)));
    html! {
        <>
            <p class="tips__what">{ "See what an ORM makes of models: the SQL it sends, the rows that come back, the objects they become." }</p>
            <p class="tips__tries">{ "Try: " }{ for tries().into_iter().map(one) }</p>
            <IconButton glyph={Glyph::Cross} label="Close, and do not show this again" class="tips__close" onclick={close} />
        </>
    }
}

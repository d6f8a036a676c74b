//! How the page loads and answers, measured in a headless browser on the release build; tables in Markdown.
//!
//! `cargo xtask bench page` serves the page, starts the driver and runs this. Nothing here is asserted: figures depend on
//! the machine, and are read by people.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement that cannot go on should stop where it stands"
)]

use std::process::Command;

use relata::project::{Data, Project};
use relata::query::QueryDraft;
use relata::schema::{
    Draft, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, RelationshipDraft, RelationshipId, Shape,
};
use relata_e2e::{Page, Place, visit};
use serde_json::Value as Json;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("\n## How it loads\n");
    lighthouse();
    layout_shift().await;
    println!("\n## A letter typed into the name of a field\n");
    println!("From the input event until SQL and diagram say the new name and are laid out, in ms.\n");
    println!("| models | letters | median | 95 % | slowest |\n|---|---|---|---|---|");
    for models in [2, 60, 200] {
        keystrokes(models).await;
    }
    println!("\n## Scrolling the rows of a result\n");
    println!("Time between frames while 100,000 rows are scrolled, in ms.\n");
    println!("| frames | median | 95 % | slowest | over 50 ms |\n|---|---|---|---|---|");
    scrolling().await;
}

/// The judgement of Lighthouse, for a telephone on a slow line and for a desk.
fn lighthouse() {
    let program = std::env::var("RELATA_LIGHTHOUSE").unwrap();
    let url = std::env::var("RELATA_URL").unwrap();
    println!(
        "| Lighthouse | performance | accessibility | best practices | SEO | first paint s | largest paint s | blocked ms |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, preset) in [("phone, slow line", None), ("desktop", Some("--preset=desktop"))] {
        let output = Command::new("node")
            .args([&program, &url, "--quiet", "--output=json"])
            .arg("--only-categories=performance,accessibility,best-practices,seo")
            .arg("--chrome-flags=--headless=new --no-sandbox --disable-gpu")
            .args(preset)
            .output()
            .unwrap();
        let Ok(report) = serde_json::from_slice::<Json>(&output.stdout) else {
            println!("| {name} | failed: {} |", String::from_utf8_lossy(&output.stderr).trim());
            continue;
        };
        let score = |category: &str| report["categories"][category]["score"].as_f64().unwrap_or(0.0) * 100.0;
        let audit = |audit: &str| report["audits"][audit]["numericValue"].as_f64().unwrap_or(f64::NAN);
        println!(
            "| {name} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} | {:.0} |",
            score("performance"),
            score("accessibility"),
            score("best-practices"),
            score("seo"),
            audit("first-contentful-paint") / 1000.0,
            audit("largest-contentful-paint") / 1000.0,
            audit("total-blocking-time"),
        );
    }
}

/// How much what is shown moves about by itself, from the first visit to the first result.
async fn layout_shift() {
    visit(async |page| {
        page.reload().await;
        page.run().await;
        page.rows().await;
        let script = "
            return new Promise(done => new PerformanceObserver(list =>
                done(list.getEntries().filter(entry => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0))
            ).observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(() => done(0), 500))";
        let shift = page.script_on_page(script).await;
        println!("\nLayout shift from the first visit to the first result: {:.4}", shift.as_f64().unwrap_or(f64::NAN));
    })
    .await;
}

/// So many models, each with four fields and a relationship to the one before it.
fn chain(models: u32) -> Project {
    let mut draft = Draft::default();
    for number in 1..=models {
        let id = ModelId(draft.fresh_id());
        let mut fields = vec![FieldDraft::key(FieldId(draft.fresh_id()))];
        for (name, kind) in
            [("name", FieldType::Text), ("count", FieldType::Integer), ("note", FieldType::Text)]
        {
            fields.push(FieldDraft::new(FieldId(draft.fresh_id()), name, kind));
        }
        draft.models.push(ModelDraft::new(id, &format!("Thing{number}"), fields));
        if let Some(before) = draft.models.iter().nth_back(1).map(|model| model.id) {
            let relationship = RelationshipId(draft.fresh_id());
            draft.relationships.push(RelationshipDraft::new(relationship, Shape::OneToMany, before, id));
        }
    }
    project(&format!("{models} models"), draft, Data::default())
}

fn project(name: &str, draft: Draft, data: Data) -> Project {
    let query = draft.models.first().map_or_else(QueryDraft::default, |model| QueryDraft::all(model.id));
    Project { name: name.into(), draft, data, query, ..relata::project::Sample::AuthorBook.project() }
}

/// Types letters into the first field of a model in the middle, one after the other.
const TYPE: &str = "
    const done = arguments[arguments.length - 1];
    const cards = [...document.querySelectorAll('section[aria-label=Define] section[aria-label^=\"Model \"]')];
    const field = cards[Math.floor(cards.length / 2)].querySelector('li:nth-child(2) input');
    const sql = document.querySelector('[aria-label=\"SQL that creates the tables\"]');
    const drawing = document.querySelector('section[aria-label=Schema] svg[role]');
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const turn = () => new Promise(next => { const { port1, port2 } = new MessageChannel(); port1.onmessage = next; port2.postMessage(0); });
    (async () => {
        const times = [];
        for (let letter = 0; letter < 60; letter++) {
            await new Promise(requestAnimationFrame);
            const name = 'title_' + String.fromCharCode(97 + letter % 26).repeat(1 + letter % 7) + letter;
            const start = performance.now();
            write.call(field, name);
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            while (!(sql.textContent.includes(name) && (!drawing || drawing.textContent.includes(name)))) {
                if (performance.now() - start > 5000) return done(null);
                await turn();
            }
            document.body.getBoundingClientRect();
            times.push(performance.now() - start);
        }
        done(times);
    })()";

async fn keystrokes(models: u32) {
    visit(async |page| {
        page.open_project(&chain(models)).await;
        page.ddl_says(&format!("CREATE TABLE thing{models}s")).await;
        let times = numbers(&page.script_later(TYPE).await);
        let figures = Figures::of(&times);
        println!(
            "| {models} | {} | {:.1} | {:.1} | {:.1} |",
            times.len(),
            figures.median,
            figures.high,
            figures.slowest
        );
    })
    .await;
}

/// As many rows as one can wish for.
const ROWS: u32 = 100_000;

async fn scrolling() {
    let mut draft = Draft::default();
    let (model, key, name) =
        (ModelId(draft.fresh_id()), FieldId(draft.fresh_id()), FieldId(draft.fresh_id()));
    let fields = vec![FieldDraft::key(key), FieldDraft::new(name, "name", FieldType::Text)];
    draft.models.push(ModelDraft::new(model, "Thing", fields));
    let mut data = Data::default();
    for number in 1..=ROWS {
        let row = data.add_row(model);
        data.set_cell(model, row, key, Some(number.to_string()));
        data.set_cell(model, row, name, Some(format!("Thing number {number}")));
    }
    let project = project("Many things", draft, data);
    visit(async |page| {
        page.open_project(&project).await;
        page.run().await;
        page.show("Rows").await;
        page.rows_on_screen().await;
        let script = "
            const done = arguments[arguments.length - 1];
            const region = document.querySelector('[role=region][aria-label=Rows]');
            const times = [];
            let before = performance.now();
            const step = now => {
                times.push(now - before);
                before = now;
                region.scrollTop += 400;
                if (times.length < 600) requestAnimationFrame(step); else done(times.slice(1));
            };
            requestAnimationFrame(now => { before = now; requestAnimationFrame(step); })";
        let times = numbers(&page.script_later(script).await);
        let figures = Figures::of(&times);
        let over = times.iter().filter(|&&time| time > 50.0).count();
        println!(
            "| {} | {:.1} | {:.1} | {:.1} | {over} |",
            times.len(),
            figures.median,
            figures.high,
            figures.slowest
        );
        seen_last_row(page).await;
    })
    .await;
}

/// Fails if scrolling showed nothing.
async fn seen_last_row(page: &Page) {
    let script = "const region = document.querySelector('[role=region][aria-label=Rows]'); region.scrollTop = region.scrollHeight";
    page.script_on_page(script).await;
    page.see(&Place::panel("Query").text(&format!("Thing number {ROWS}"))).await;
}

fn numbers(list: &Json) -> Vec<f64> {
    let items = list.as_array().unwrap_or_else(|| panic!("nothing was measured: {list}"));
    items.iter().filter_map(Json::as_f64).collect()
}

/// What is told of a series of times.
struct Figures {
    median: f64,
    /// Ninety-five of a hundred are not above it.
    high: f64,
    slowest: f64,
}

impl Figures {
    fn of(times: &[f64]) -> Figures {
        let mut sorted = times.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: usize| {
            sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1))).copied()
        };
        Figures {
            median: at(50).unwrap_or(f64::NAN),
            high: at(95).unwrap_or(f64::NAN),
            slowest: sorted.last().copied().unwrap_or(f64::NAN),
        }
    }
}

//! The page's end of the line to the worker: starts it, sends, listens, and notices when nothing comes back.
//!
//! It says everything as actions and decides nothing: whether another worker is started is the reducer's business.
//! Dropping the bridge ends its worker at once, whatever that is doing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::action::Action;
use super::generating::Generate;
use super::generator::Generator;
use super::keeper;
use super::parts::answers;
use crate::protocol::{Answer, Ask, KeptTold, Order, Request, RequestId};
use crate::query::Strategy;
use crate::wire::{HELLO, READY, STOP, apart, to_js};

/// The script that Trunk writes to start the worker.
const SCRIPT: &str = "./relata-worker_loader.js";
/// Where `static/boot.js` leaves the worker that it has begun to load. Once it is taken, no other is loaded there.
const EARLY: &str = "relataEngine";
/// How much longer than its limit a query may take before the worker counts as lost, in milliseconds.
const GRACE: u32 = 3_000;
/// How long anything else may take.
const PATIENCE: u32 = 30_000;

/// A running worker.
pub struct Bridge {
    worker: Worker,
    line: Rc<RefCell<Line>>,
    tell: Callback<Action>,
    /// What makes the rows of the document that was sent last.
    generator: RefCell<Option<Generator>>,
    _listeners: [EventListener; 3],
}

#[derive(Default)]
struct Line {
    /// Whether the worker listens.
    ready: bool,
    /// Messages from before it did.
    waiting: Vec<JsValue>,
    /// Messages of the worker from before there was what reads them.
    unread: Vec<JsValue>,
    /// For each request without an answer, the alarm that goes off if none comes.
    alarms: BTreeMap<RequestId, Timeout>,
}

impl Line {
    /// Has an alarm go off if there is no answer for so many milliseconds.
    fn set_alarm(&mut self, id: RequestId, patience: u32, tell: &Callback<Action>) {
        let tell = tell.clone();
        let alarm = Timeout::new(patience, move || {
            let seconds = patience / 1000;
            tell.emit(Action::WorkerLost(format!(
                "It did not answer for {seconds} seconds. The time limit is looked at between SQLite's steps, so one long step, \
                 such as LIKE over a very long text, can outlast it."
            )));
        });
        self.alarms.insert(id, alarm);
    }
}

impl Bridge {
    /// Starts a worker.
    ///
    /// # Errors
    /// Why the browser does not start it.
    pub fn start(tell: Callback<Action>) -> Result<Bridge, String> {
        let worker = match early_worker() {
            Some(worker) => worker,
            None => module_worker(SCRIPT).map_err(|error| js_message(&error))?,
        };
        let line = Rc::new(RefCell::new(Line::default()));
        let on_message = {
            let (worker, line, tell) = (worker.clone(), Rc::clone(&line), tell.clone());
            EventListener::new(&worker.clone(), "message", move |event| {
                let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data).unwrap_or_default();
                hear(&worker, &line, &tell, data);
            })
        };
        let on_error = {
            let (line, tell) = (Rc::clone(&line), tell.clone());
            EventListener::new(&worker, "error", move |event| {
                let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                let ready = line.borrow().ready;
                tell.emit(if ready {
                    Action::WorkerLost(if message.is_empty() { "It failed.".into() } else { message })
                } else {
                    Action::WorkerFailed(format!("its program could not be loaded. {message}"))
                });
            })
        };
        let on_garbled = {
            let tell = tell.clone();
            EventListener::new(&worker, "messageerror", move |_| {
                tell.emit(Action::WorkerLost("A message could not be read.".into()));
            })
        };
        post(&worker, &HELLO.into(), &tell);
        Ok(Bridge {
            worker,
            line,
            tell,
            generator: RefCell::default(),
            _listeners: [on_message, on_error, on_garbled],
        })
    }

    /// Sends a request, now or as soon as the worker listens.
    ///
    /// A document with generated rows goes to what makes them, and comes back in parts, for the worker to gather.
    pub fn send(&self, request: &Request) {
        self.generator.borrow_mut().take();
        if let Ask::Open(draft, data) = &request.ask
            && data.generated.is_some()
        {
            let (worker, tell) = (self.worker.clone(), self.tell.clone());
            let made = Callback::from(move |part: JsValue| post(&worker, &part, &tell));
            let fail = self.tell.reform(|why| Action::Generate(Generate::Failed(why)));
            let order = Order::Rows(request.id, draft.clone(), data.clone());
            *self.generator.borrow_mut() = Generator::start(order, made, fail);
            self.line.borrow_mut().set_alarm(request.id, PATIENCE, &self.tell);
            return;
        }
        self.send_with(request, None);
    }

    /// The same with a file beside it.
    pub fn send_with(&self, request: &Request, file: Option<&File>) {
        let (message, patience) = match (to_js(request), &request.ask) {
            (Ok(message), Ask::Run(_, limits) | Ask::Sql(_, limits)) => {
                (message, limits.millis.saturating_add(GRACE))
            }
            (Ok(message), Ask::Compare(_, limits)) => {
                // Each strategy has its own time, and so has the query as it was asked.
                let ways = Strategy::all().count() as u32 + 1;
                (message, limits.millis.saturating_add(GRACE).saturating_mul(ways))
            }
            (Ok(message), Ask::Script(asked)) => (message, asked.limits.millis.saturating_add(GRACE)),
            (Ok(message), _) => (message, PATIENCE),
            (Err(why), _) => return self.tell.emit(Action::WorkerFailed(why)),
        };
        let message = match file {
            Some(file) => Array::of2(&message, file).into(),
            None => message,
        };
        let mut line = self.line.borrow_mut();
        line.set_alarm(request.id, patience, &self.tell);
        if line.ready {
            post(&self.worker, &message, &self.tell);
        } else {
            line.waiting.push(message);
        }
    }
}

impl Bridge {
    /// Has it read or save a file no further.
    pub fn stop(&self) {
        post(&self.worker, &STOP.into(), &self.tell);
    }

    /// Reads what the worker said before the page had what reads it.
    pub fn read(&self) {
        let unread = std::mem::take(&mut self.line.borrow_mut().unread);
        for message in unread {
            hear(&self.worker, &self.line, &self.tell, message);
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn hear(worker: &Worker, line: &RefCell<Line>, tell: &Callback<Action>, data: JsValue) {
    if data.as_string().as_deref() == Some(READY) {
        let mut line = line.borrow_mut();
        line.ready = true;
        for message in line.waiting.drain(..) {
            post(worker, &message, tell);
        }
        return;
    }
    let Some(answers) = answers() else { return line.borrow_mut().unread.push(data) };
    if let Some(both) = data.dyn_ref::<Array>() {
        keeper::offer(both);
    }
    match (answers.read)(apart(data).0) {
        Ok(response) => {
            match response.answer {
                // More answers follow, so the waiting begins anew.
                Ok(Answer::Progress(_) | Answer::Kept(KeptTold::Progress { .. })) => {
                    line.borrow_mut().set_alarm(response.id, PATIENCE, tell)
                }
                _ => drop(line.borrow_mut().alarms.remove(&response.id)),
            }
            tell.emit(Action::Answered(response.id, response.answer));
        }
        // A worker of another build speaks another protocol: what it says first is its greeting.
        Err(why) => tell.emit(Action::WorkerFailed(format!(
            "page and database do not understand each other ({why}). Reload the page."
        ))),
    }
}

fn post(worker: &Worker, message: &JsValue, tell: &Callback<Action>) {
    if let Err(error) = worker.post_message(message) {
        tell.emit(Action::WorkerLost(js_message(&error)));
    }
}

/// The worker that was begun before the page's program ran, unless it was taken.
fn early_worker() -> Option<Worker> {
    let (page, name) = (js_sys::global(), JsValue::from_str(EARLY));
    let worker = Reflect::get(&page, &name).ok();
    // From now on each one is started here.
    let _ = Reflect::set(&page, &name, &JsValue::NULL);
    worker?.dyn_into().ok()
}

/// A worker whose script is a module.
pub(super) fn module_worker(script: &str) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(script, &options)
}

pub(super) fn js_message(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| "unknown error".into(), |error| error.message().into())
}

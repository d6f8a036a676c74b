//! The database that the worker keeps in the browser, beside the project's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use web_sys::{Blob, DedicatedWorkerGlobalScope};

use super::Session;
use crate::engine::Apart;
use crate::kept::{self, Kept, KeptError, Place, Wish, pause};
use crate::protocol::{Answer, KeptAsk, KeptName, KeptNow, KeptTold, RequestId, Response};
use crate::wire::to_js;

/// How long after a commit a snapshot is made, in milliseconds: so many commits in a row make one.
const SOON: u32 = 300;

/// What keeps it.
pub(super) struct Keeping {
    scope: DedicatedWorkerGlobalScope,
    session: Rc<RefCell<Session>>,
    kept: RefCell<Option<Rc<Kept>>>,
    /// Whether reading or saving is to end.
    pub(super) stopped: Cell<bool>,
    /// Counts what has run, so that a snapshot is made after the last of it.
    ran: Cell<u32>,
}

impl Keeping {
    pub(super) fn new(scope: DedicatedWorkerGlobalScope, session: Rc<RefCell<Session>>) -> Rc<Keeping> {
        let (kept, stopped, ran) = Default::default();
        Rc::new(Keeping { scope, session, kept, stopped, ran })
    }

    fn tell(&self, id: RequestId, told: KeptTold, file: Option<(&Blob, &str)>) {
        let response = Response { id, answer: Ok(Answer::Kept(told)) };
        let Ok(message) = to_js(&response) else { return };
        let message = match file {
            Some((file, name)) => Array::of3(&message, file, &name.into()).into(),
            None => message,
        };
        // Fails only if the page is gone.
        let _ = self.scope.post_message(&message);
    }

    /// Answers, some time later.
    pub(super) async fn answer(self: Rc<Self>, id: RequestId, ask: KeptAsk, content: Option<Blob>) {
        self.stopped.set(false);
        let told = match ask {
            KeptAsk::List => {
                let name = |listed: kept::Listed| KeptName { name: listed.name, bytes: listed.bytes };
                Ok(KeptTold::Listed(kept::list().await.into_iter().map(name).collect()))
            }
            KeptAsk::Open { name, copy } => self.open(id, &name, copy, content).await,
            KeptAsk::File => self.file(id).await,
            KeptAsk::Close => {
                self.close().await;
                Ok(KeptTold::Closed)
            }
            KeptAsk::Delete => {
                let is_kept = |kept: &&Rc<Kept>| kept.standing().place != Place::Memory;
                let name = self.kept.borrow().as_ref().filter(is_kept).map(|kept| kept.name().to_owned());
                self.close().await;
                match name {
                    Some(name) => kept::remove(&name).await.map(|()| KeptTold::Closed),
                    None => Ok(KeptTold::Closed),
                }
            }
        };
        match told {
            Ok(KeptTold::File) => {}
            Ok(told) => self.tell(id, told, None),
            Err(error) => {
                let taken = matches!(error, KeptError::Taken(_));
                self.tell(id, KeptTold::Refused { taken, words: error.to_string() }, None);
            }
        }
    }

    async fn close(&self) {
        let Some(kept) = self.kept.take() else { return };
        kept.save().await;
        self.session.borrow_mut().hold(None);
    }

    async fn open(
        &self,
        id: RequestId,
        name: &str,
        copy: bool,
        content: Option<Blob>,
    ) -> Result<KeptTold, KeptError> {
        self.close().await;
        let wish = Wish { content, copy, ..Wish::default() };
        let kept = Kept::open(name, wish, &|read, of| self.go_on(id, read, of)).await?;
        let apart = Apart::new(kept.named().connect()?);
        let apart = apart.map_err(|error| KeptError::Sqlite(error.to_string()))?;
        self.session.borrow_mut().hold(Some(apart));
        let now = now(&kept);
        *self.kept.borrow_mut() = Some(Rc::new(kept));
        Ok(KeptTold::Open(now))
    }

    async fn file(&self, id: RequestId) -> Result<KeptTold, KeptError> {
        let Some(kept) = self.kept.borrow().clone() else { return Ok(KeptTold::Closed) };
        let file = kept.file(&|read, of| self.go_on(id, read, of)).await?;
        self.tell(id, KeptTold::File, Some((&file, kept.name())));
        Ok(KeptTold::File)
    }

    fn go_on(&self, id: RequestId, read: u64, of: u64) -> bool {
        self.tell(id, KeptTold::Progress { read, of }, None);
        !self.stopped.get()
    }

    /// Something was run: tells how the database stands, and keeps it where that is not done by every commit.
    pub(super) async fn after_run(self: Rc<Self>) {
        let Some(kept) = self.kept.borrow().clone() else { return };
        self.tell(RequestId(0), KeptTold::Open(now(&kept)), None);
        let ran = self.ran.get() + 1;
        self.ran.set(ran);
        if kept.unsaved() {
            pause(SOON).await;
            if self.ran.get() == ran {
                kept.save().await;
                self.tell(RequestId(0), KeptTold::Open(now(&kept)), None);
            }
        }
    }
}

fn now(kept: &Kept) -> KeptNow {
    let standing = kept.standing();
    KeptNow {
        name: kept.name().to_owned(),
        bytes: standing.bytes,
        only_in_memory: standing.place == Place::Memory,
        at_once: standing.place == Place::Files,
        words: standing.words(),
    }
}

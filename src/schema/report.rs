//! How a check answers: what it made of the input, if anything, and what it has to say about it.

use serde::{Deserialize, Serialize};

/// How serious a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Note,
    /// It works, but probably not as meant.
    Warning,
    /// Nothing can be made of the input until this is mended.
    Error,
}

/// One thing to say about the input, at the place (`P`) of the form where it belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic<P> {
    /// How serious it is.
    pub severity: Severity,
    /// The form field that it stands beside.
    pub place: P,
    /// What is wrong and why, in a sentence.
    pub message: String,
    /// What to do about it, in a sentence; empty where the message already says so.
    pub mend: String,
}

/// The result of checking something a person typed. The value is there exactly when no diagnostic is an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<T, P> {
    /// What was made of the input; `None` if there are errors.
    pub value: Option<T>,
    /// Everything there is to say, in the order of the form.
    pub diagnostics: Vec<Diagnostic<P>>,
}

impl<T, P> Report<T, P> {
    /// A report that withholds the value if any diagnostic is an error.
    pub fn new(value: T, diagnostics: Vec<Diagnostic<P>>) -> Self {
        let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        Report { value: (!failed).then_some(value), diagnostics }
    }

    /// Makes something else of the value, if it is there.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Report<U, P> {
        Report { value: self.value.map(make), diagnostics: self.diagnostics }
    }

    /// Feeds the value to the next check and gathers what both have to say.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Report<U, P>) -> Report<U, P> {
        let mut diagnostics = self.diagnostics;
        let value = self.value.and_then(|value| {
            let report = next(value);
            diagnostics.extend(report.diagnostics);
            report.value
        });
        Report { value, diagnostics }
    }
}

/// Collects diagnostics while a check walks its input.
#[derive(Debug)]
pub struct Findings<P>(Vec<Diagnostic<P>>);

impl<P> Default for Findings<P> {
    fn default() -> Self {
        Findings(Vec::new())
    }
}

impl<P> Findings<P> {
    /// Records an error.
    pub fn error(&mut self, place: P, message: impl Into<String>, mend: impl Into<String>) {
        self.push(Severity::Error, place, message.into(), mend.into());
    }

    /// Records a warning.
    pub fn warning(&mut self, place: P, message: impl Into<String>, mend: impl Into<String>) {
        self.push(Severity::Warning, place, message.into(), mend.into());
    }

    /// Records a note.
    pub fn note(&mut self, place: P, message: impl Into<String>, mend: impl Into<String>) {
        self.push(Severity::Note, place, message.into(), mend.into());
    }

    fn push(&mut self, severity: Severity, place: P, message: String, mend: String) {
        self.0.push(Diagnostic { severity, place, message, mend });
    }

    /// Everything recorded, in order.
    pub fn into_vec(self) -> Vec<Diagnostic<P>> {
        self.0
    }
}

//! A sample of models that are kinds of another.

use super::sketch::{Sketch, include, left};
use crate::project::file::Project;
use crate::query::Strategy;
use crate::schema::FieldType::{Integer, Text};
use crate::schema::Shape;

/// Managers and engineers are employees: whoever a company leads to comes back as what the row says. Only managers have
/// reports, and those may be of any kind.
pub(super) fn employees() -> Project {
    let mut sketch = Sketch::default();
    let company = sketch.model("Company", &[("*id", Integer), ("name", Text)]);
    let employee = sketch.model("Employee", &[("*id", Integer), ("name", Text)]);
    let manager = sketch.kind(employee, "Manager", &[("budget", Integer)]);
    let engineer = sketch.kind(employee, "Engineer", &[("language", Text)]);
    let employees = sketch.relate(Shape::OneToMany, [(company, ""), (employee, "")], |_| {});
    let reports = sketch.relate(Shape::OneToMany, [(manager, "reports"), (employee, "manager")], |_| {});
    let companies = sketch.rows(company, &[&["1", "Analytical Engines"], &["2", "Moonshots"]]);
    let others = sketch.rows(employee, &[&["1", "Bartleby"]]);
    let managers = sketch.rows(manager, &[&["2", "Charles", "17000"], &["3", "Margaret", "400"]]);
    let engineers = sketch.rows(engineer, &[&["4", "Ada", "Notes"], &["5", "Grace", "COBOL"]]);
    let all = [others, managers.clone(), engineers].concat();
    sketch.link(employees, &companies, &all, &[(0, 0), (0, 1), (0, 3), (1, 2), (1, 4)]);
    sketch.link(reports, &managers, &all, &[(0, 0), (0, 3), (1, 4), (1, 1)]);
    sketch.ask(company, vec![include(left(employees), Strategy::SelectIn, Vec::new())])
}

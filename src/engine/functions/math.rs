//! Functions of numbers. The same bits on every machine: `libm` computes them everywhere.

use std::f64::consts::PI;

use super::call::{Answer, Call, Kind, Scalar};

pub(super) const FUNCTIONS: &[Scalar] = &[
    Scalar { name: c"acos", takes: 1, call: |call| real(call, libm::acos) },
    Scalar { name: c"acosh", takes: 1, call: |call| real(call, acosh) },
    Scalar { name: c"asin", takes: 1, call: |call| real(call, libm::asin) },
    Scalar { name: c"asinh", takes: 1, call: |call| real(call, libm::asinh) },
    Scalar { name: c"atan", takes: 1, call: |call| real(call, libm::atan) },
    Scalar { name: c"atanh", takes: 1, call: |call| real(call, libm::atanh) },
    Scalar { name: c"atan2", takes: 2, call: |call| real_of_two(call, libm::atan2) },
    Scalar { name: c"atn2", takes: 2, call: |call| real_of_two(call, libm::atan2) },
    Scalar { name: c"ceil", takes: 1, call: |call| whole(call, libm::ceil) },
    Scalar { name: c"cos", takes: 1, call: |call| real(call, libm::cos) },
    Scalar { name: c"cosh", takes: 1, call: |call| real(call, libm::cosh) },
    Scalar { name: c"cot", takes: 1, call: |call| real(call, |x| 1.0 / libm::tan(x)) },
    Scalar { name: c"coth", takes: 1, call: |call| real(call, |x| 1.0 / libm::tanh(x)) },
    // Multiplied first: the order decides the last bit, and where it overflows.
    Scalar { name: c"degrees", takes: 1, call: |call| real(call, |x| 180.0 * x / PI) },
    Scalar { name: c"exp", takes: 1, call: |call| real(call, libm::exp) },
    Scalar { name: c"floor", takes: 1, call: |call| whole(call, libm::floor) },
    Scalar { name: c"log", takes: 1, call: |call| real(call, libm::log) },
    Scalar { name: c"log10", takes: 1, call: |call| real(call, libm::log10) },
    Scalar { name: c"pi", takes: 0, call: |_| Answer::Real(PI) },
    Scalar { name: c"power", takes: 2, call: |call| real_of_two(call, libm::pow) },
    Scalar { name: c"radians", takes: 1, call: |call| real(call, |x| x * PI / 180.0) },
    Scalar { name: c"sign", takes: 1, call: |call| either(call, i64::signum, sign) },
    Scalar { name: c"sin", takes: 1, call: |call| real(call, libm::sin) },
    Scalar { name: c"sinh", takes: 1, call: |call| real(call, libm::sinh) },
    Scalar { name: c"sqrt", takes: 1, call: |call| real(call, libm::sqrt) },
    Scalar { name: c"square", takes: 1, call: |call| either(call, |x| x.wrapping_mul(x), |x| x * x) },
    Scalar { name: c"tan", takes: 1, call: |call| real(call, libm::tan) },
    Scalar { name: c"tanh", takes: 1, call: |call| real(call, libm::tanh) },
];

/// A real number of a real number.
fn real(call: &Call<'_>, compute: fn(f64) -> f64) -> Answer {
    match call.arguments {
        [x] if x.kind() != Kind::Null => Answer::Real(compute(x.real())),
        _ => Answer::Null,
    }
}

/// A real number of two.
fn real_of_two(call: &Call<'_>, compute: fn(f64, f64) -> f64) -> Answer {
    match call.arguments {
        [x, y] if !call.has_null() => Answer::Real(compute(x.real(), y.real())),
        _ => Answer::Null,
    }
}

/// An integer of an integer, and a real number of anything else.
fn either(call: &Call<'_>, integer: fn(i64) -> i64, real: fn(f64) -> f64) -> Answer {
    match call.arguments {
        [x] => match x.kind() {
            Kind::Null => Answer::Null,
            Kind::Integer => Answer::Integer(integer(x.integer())),
            Kind::Other => Answer::Real(real(x.real())),
        },
        _ => Answer::Null,
    }
}

/// The integer that a real number is rounded to; an integer is left alone.
fn whole(call: &Call<'_>, round: fn(f64) -> f64) -> Answer {
    match either(call, |x| x, round) {
        Answer::Real(real) => Answer::Integer(real as i64),
        answer => answer,
    }
}

/// `libm` gives numbers far below its domain, too.
fn acosh(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { libm::acosh(x) }
}

/// Unlike `f64::signum`, 0 for a zero.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

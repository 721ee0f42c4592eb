//! A page of curves that were measured elsewhere: what a soak run is looked at with.

use std::fmt::Write;

use super::chart::{Axis, Chart, Scale, Series, escape};
use super::page::STYLE;

/// Curves over the same axis, in a unit.
#[derive(Clone, Debug)]
pub struct Curves {
    /// What is measured.
    pub title: String,
    /// What runs to the right.
    pub x: &'static str,
    /// What runs upwards, from 0.
    pub y: &'static str,
    /// Each curve's name and points.
    pub series: Vec<(String, Vec<(f64, f64)>)>,
}

/// One HTML file that needs no other and no script.
#[must_use]
pub fn curves_page(title: &str, note: &str, curves: &[Curves]) -> String {
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{0}</title>\n<style>\n{STYLE}</style></head><body><main>\n\
         <header><h1>{0}</h1><p>{1}</p></header>\n<div class=\"charts\">",
        escape(title),
        escape(note)
    );
    for one in curves {
        let series = one.series.iter().enumerate().map(|(colour, (name, points))| Series {
            name: name.clone(),
            colour,
            dashed: false,
            line: true,
            points: points.clone(),
        });
        let axis = |label| Axis { label, scale: Scale::Linear };
        let chart = Chart { title: one.title.clone(), x: axis(one.x), y: axis(one.y), series: series.collect() };
        // Writing to a string cannot fail.
        let _ = write!(html, "{}", chart.draw());
    }
    html.push_str("</div></main></body></html>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_every_curve_by_name() {
        let curve = |name: &str| (name.to_owned(), vec![(0.0, 1.0), (1.0, 2.0)]);
        let curves = Curves {
            title: "Memory & more".to_owned(),
            x: "minutes",
            y: "MiB",
            series: vec![curve("resident"), curve("counted")],
        };
        let page = curves_page("A soak", "two minutes", &[curves]);
        for part in ["A soak", "Memory &amp; more", "resident", "counted", "minutes", "<svg"] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
    }
}

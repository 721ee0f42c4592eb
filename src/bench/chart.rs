//! Curves as SVG: axes, lines, points. Colours are the page's, by number, so that one drawing does for dark and light.

use std::fmt::Write;

/// The drawing's own units; the page scales it.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
/// Room around the plot: top, right, bottom, left.
const ROOM: [f64; 4] = [14.0, 18.0, 44.0, 56.0];
/// About so many ticks on a linear axis.
const TICKS: f64 = 5.0;

/// How values lie along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// Evenly, from 0.
    Linear,
    /// Evenly, up to 1, from .95 or the least value below.
    Share,
    /// By their logarithm.
    Log,
    /// Percentiles, by how few are left: 90, 99 and 99.9 are equally far apart.
    Percentile,
}

/// One axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) label: &'static str,
    pub(super) scale: Scale,
}

/// One line, or points without one.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) name: String,
    /// Which of the page's colours, from 0.
    pub(super) colour: usize,
    pub(super) dashed: bool,
    pub(super) line: bool,
    pub(super) points: Vec<(f64, f64)>,
}

/// Curves over two axes.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) series: Vec<Series>,
}

/// An axis with its ends and ticks.
struct Fitted {
    scale: Scale,
    from: f64,
    to: f64,
    ticks: Vec<f64>,
}

impl Scale {
    /// Where a value lies, before the ends are known.
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear | Self::Share => value,
            Self::Log => value.max(1e-6).log10(),
            // 100 % is infinitely far; it stands a little beyond 99.95 %.
            Self::Percentile => -((100.0 - value).max(0.03) / 100.0).log10(),
        }
    }

    /// A tick's words.
    fn words(self, value: f64) -> String {
        match self {
            Self::Percentile if value >= 100.0 => "max".to_owned(),
            Self::Percentile => format!("{value}"),
            _ => number(value),
        }
    }
}

/// A number as short as it can be read.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 1e6 => format!("{}M", trimmed(value / 1e6, 1)),
        v if v >= 1e4 => format!("{}k", trimmed(value / 1e3, 1)),
        v if v >= 100.0 => trimmed(value, 0),
        v if v >= 1.0 => trimmed(value, 2),
        v if v >= 0.01 => trimmed(value, 3),
        v if v > 0.0 => trimmed(value, 5),
        _ => "0".to_owned(),
    }
}

fn trimmed(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl Fitted {
    fn new(scale: Scale, values: impl Iterator<Item = f64> + Clone) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        let (least, most) = if least.is_finite() { (least, most) } else { (0.0, 1.0) };
        match scale {
            Scale::Percentile => {
                let ticks = vec![0.0, 50.0, 90.0, 99.0, 99.9, 100.0];
                Self { scale, from: scale.place(0.0), to: scale.place(100.0), ticks }
            }
            Scale::Log => Self::log(least, most),
            Scale::Linear => Self::even(scale, 0.0, most.max(1e-9)),
            Scale::Share => Self::even(scale, least.clamp(0.0, 0.95), 1.0),
        }
    }

    fn even(scale: Scale, least: f64, most: f64) -> Self {
        let rough = (most - least) / TICKS;
        let power = 10_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough).unwrap_or(rough);
        let (from, steps) = ((least / step).floor() * step, ((most / step).ceil() - (least / step).floor()).max(1.0));
        let ticks = (0..100_u8).map(f64::from).take_while(|n| *n <= steps).map(|n| from + n * step).collect();
        Self { scale, from, to: from + steps * step, ticks }
    }

    fn log(least: f64, most: f64) -> Self {
        let (least, most) = (least.max(1e-6), most.max(1e-6));
        let (from, to) = (least.log10().floor(), most.log10().ceil());
        let (from, to) = if to > from { (from, to) } else { (from, from + 1.0) };
        let between: &[f64] = if to - from <= 2.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let powers = (0_u32..).map(|n| from + f64::from(n)).take_while(|power| *power <= to);
        let all = powers.flat_map(|power| between.iter().map(move |n| n * 10_f64.powf(power)));
        // No further than the values need.
        let floor = all.clone().filter(|tick| *tick <= least * 1.001).fold(10_f64.powf(from), f64::max);
        let ceiling = all.clone().find(|tick| *tick >= most * 0.97 && *tick > floor).unwrap_or(10_f64.powf(to));
        let ticks = all.filter(|tick| (floor * 0.999..=ceiling * 1.001).contains(tick)).collect();
        Self { scale: Scale::Log, from: floor.log10(), to: ceiling.log10(), ticks }
    }

    /// Where a value lies: 0 at the beginning, 1 at the end.
    fn share(&self, value: f64) -> f64 {
        ((self.scale.place(value) - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

impl Chart {
    /// The drawing with its title and a legend.
    pub(super) fn draw(&self) -> String {
        let points = || self.series.iter().flat_map(|series| &series.points).copied();
        let x = Fitted::new(self.x.scale, points().map(|(x, _)| x));
        let y = Fitted::new(self.y.scale, points().map(|(_, y)| y));
        let mut svg = String::new();
        let title = escape(&self.title);
        // Writing to a string cannot fail.
        let _ = write!(svg, "<figure><figcaption>{title}</figcaption>{}", self.legend());
        let _ = write!(svg, r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">"#);
        self.axes(&x, &y, &mut svg);
        for series in &self.series {
            draw_series(series, &x, &y, &mut svg);
        }
        svg.push_str("</svg></figure>\n");
        svg
    }

    fn legend(&self) -> String {
        let entry = |series: &Series| {
            let dashed = if series.dashed { " dashed" } else { "" };
            let (colour, name) = (series.colour, escape(&series.name));
            format!(r#"<li><span class="key c{colour}{dashed}"></span>{name}</li>"#)
        };
        format!("<ul class=\"legend\">{}</ul>", self.series.iter().map(entry).collect::<String>())
    }

    fn axes(&self, x: &Fitted, y: &Fitted, svg: &mut String) {
        let [top, right, bottom, left] = ROOM;
        let (floor, end) = (HEIGHT - bottom, WIDTH - right);
        for tick in &y.ticks {
            let (at, words) = (across_y(y, *tick), y.scale.words(*tick));
            let _ = write!(svg, r#"<line class="grid" x1="{left}" x2="{end}" y1="{at:.1}" y2="{at:.1}"/>"#);
            let _ = write!(
                svg,
                r#"<text class="tick" x="{:.1}" y="{:.1}" text-anchor="end">{words}</text>"#,
                left - 8.0,
                at + 4.0
            );
        }
        for tick in &x.ticks {
            let (at, words) = (across_x(x, *tick), x.scale.words(*tick));
            let _ =
                write!(svg, r#"<line class="mark" x1="{at:.1}" x2="{at:.1}" y1="{floor}" y2="{:.1}"/>"#, floor + 4.0);
            let _ = write!(
                svg,
                r#"<text class="tick" x="{at:.1}" y="{:.1}" text-anchor="middle">{words}</text>"#,
                floor + 18.0
            );
        }
        let _ = write!(svg, r#"<line class="axis" x1="{left}" x2="{end}" y1="{floor}" y2="{floor}"/>"#);
        let middle = left + (end - left) / 2.0;
        let _ = write!(
            svg,
            r#"<text class="label" x="{middle:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            HEIGHT - 6.0,
            self.x.label
        );
        let half = top + (floor - top) / 2.0;
        let _ = write!(
            svg,
            r#"<text class="label" transform="translate(13 {half:.1}) rotate(-90)" text-anchor="middle">{}</text>"#,
            self.y.label
        );
    }
}

fn draw_series(series: &Series, x: &Fitted, y: &Fitted, svg: &mut String) {
    let (colour, dashed) = (series.colour, if series.dashed { " dashed" } else { "" });
    let at: Vec<String> =
        series.points.iter().map(|(px, py)| format!("{:.1},{:.1}", across_x(x, *px), across_y(y, *py))).collect();
    if series.line {
        let _ = write!(svg, r#"<polyline class="line c{colour}{dashed}" points="{}"/>"#, at.join(" "));
    }
    let size = if series.line { 3.0 } else { 5.5 };
    for (px, py) in &series.points {
        let said = format!("{}: {} at {}", escape(&series.name), number(*py), x.scale.words(*px));
        let _ = write!(
            svg,
            r#"<circle class="dot c{colour}" cx="{:.1}" cy="{:.1}" r="{size}"><title>{said}</title></circle>"#,
            across_x(x, *px),
            across_y(y, *py),
        );
    }
}

fn across_x(x: &Fitted, value: f64) -> f64 {
    let [_, right, _, left] = ROOM;
    left + x.share(value) * (WIDTH - left - right)
}

fn across_y(y: &Fitted, value: f64) -> f64 {
    let [top, _, bottom, _] = ROOM;
    HEIGHT - bottom - y.share(value) * (HEIGHT - top - bottom)
}

/// Text that stands for itself in HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_every_value() {
        let ticks = |scale, values: &[f64]| Fitted::new(scale, values.iter().copied()).ticks;
        assert_eq!(ticks(Scale::Linear, &[1.0, 9.3]), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(Scale::Log, &[100.0, 1_000.0, 100_000.0]).len(), 4);
        for (scale, values) in [
            (Scale::Share, vec![0.991, 0.9999]),
            (Scale::Log, vec![0.9, 1.1]),
            (Scale::Linear, vec![0.0]),
            (Scale::Share, vec![0.2, 1.0]),
        ] {
            let fitted = Fitted::new(scale, values.iter().copied());
            assert!(fitted.to > fitted.from && fitted.ticks.len() > 1, "{scale:?} {values:?} {:?}", fitted.ticks);
            let inside = |v: &f64| (fitted.from - 1e-9..=fitted.to + 1e-9).contains(&scale.place(*v));
            assert!(values.iter().all(inside), "{scale:?} {values:?}");
        }
    }

    #[test]
    fn percentiles_are_evenly_far_apart_by_what_is_left() {
        let axis = Fitted::new(Scale::Percentile, std::iter::empty());
        let gaps = [(90.0, 99.0), (99.0, 99.9)].map(|(a, b)| axis.share(b) - axis.share(a));
        assert!((gaps[0] - gaps[1]).abs() < 1e-9 && axis.share(100.0) <= 1.0);
    }

    #[test]
    fn names_cannot_break_out_of_the_drawing() {
        let series =
            Series { name: "<b>&\"".to_owned(), colour: 0, dashed: false, line: true, points: vec![(1.0, 2.0)] };
        let axis = Axis { label: "x", scale: Scale::Linear };
        let svg = Chart { title: "t".to_owned(), x: axis, y: axis, series: vec![series] }.draw();
        assert!(svg.contains("&lt;b&gt;&amp;&quot;") && !svg.contains("<b>"), "{svg}");
    }

    #[test]
    fn numbers_are_short() {
        let said = [0.0, 0.0012, 0.25, 2.5, 20.0, 640.0, 10_000.0, 100_000.0, 2e6].map(number);
        assert_eq!(said, ["0", "0.0012", "0.25", "2.5", "20", "640", "10k", "100k", "2M"]);
    }
}

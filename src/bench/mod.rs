//! How fast recall is, on synthetic conversations or the user's own: what `mnemon bench` measures.
//!
//! Every size gets a profile in a data folder of its own, filled through the engine as any other. Then, in one run and on
//! one machine: what the first recall after opening costs; the bare embedding of a question, a recall in process and one
//! over HTTP in turns, so that their ratios hold on a busy machine too; where the time goes; what happens under load that
//! arrives on a schedule and does not wait for slow answers; and how good and how fast the vector search is beside an exact one.
//!
//! Nothing here is used by the engine. Read [`run`] for the order of things, `material` and `talk` for what is said and asked,
//! `alternate`, `load` and `search` for how it is measured, `report` for what comes out, `page` for how it looks;
//! `curves` draws what `benches/soak.rs` has measured.

mod alternate;
mod chart;
mod client;
mod clocks;
mod compare;
mod curves;
mod dice;
mod folder;
mod latency;
mod load;
mod material;
mod npy;
mod page;
mod parts;
mod report;
mod run;
mod search;
mod talk;
mod vocabulary;

pub use compare::{Change, compare};
pub use curves::{Curves, curves_page};
pub use latency::Latency;
pub use material::Material;
pub use page::page;
pub use parts::{Dumped, PartReport, dump, vectors, words};
pub use report::{Alone, Bytes, Cold, Fill, Load, Machine, Report, Search, Sized, StageTimes, Worked};
pub use run::{Options, Step, run};

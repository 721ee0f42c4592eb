//! What goes over the wire, spelled as the contract spells it; separate from `model`, so that neither shapes the other.

mod fields;
mod ingest;
mod memory;
mod namespace;
mod recall;
mod server;
mod token;

pub(super) use fields::FromJson;
pub(super) use ingest::{Ingest, Remember};
pub(super) use memory::{Memory, MemoryEntry};
pub(super) use namespace::{CreateNamespace, Namespace, Profile};
pub(super) use recall::{Recall, Recalled, Summarise, Summary};
pub(super) use server::{Health, Readiness};
pub(super) use token::{CreateToken, Token};

//! Who owns what, put together again. Where two answers are possible none is taken: what was found goes to an account of
//! its own, which only an administrator's token reaches, since a wrong guess would show one owner's memories to another.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::engine::catalog::CATALOG;
use crate::engine::ids::Ids;
use crate::error::Result;
use crate::model::{AccountId, NamespaceId, NamespaceName, ProfileName, Timestamp};
use crate::store::rows::{DoomedKey, DoomedRow, MemoryRow, NamespaceRow, ProfileRow};
use crate::store::{Batch, BrokenRow, Range, Snapshot, SpaceId, Store};

/// The account and the namespace of what nobody owns any more.
const RECOVERED: &str = "recovered";

/// What the catalog says, as far as it can be read.
pub(in crate::engine) struct Catalog {
    namespaces: BTreeMap<(AccountId, NamespaceName), NamespaceRow>,
    profiles: Vec<((NamespaceId, ProfileName), ProfileRow)>,
    doomed: BTreeSet<DoomedKey>,
    /// Every space that has rows, but for the catalog.
    spaces: Vec<SpaceId>,
}

impl Catalog {
    pub(in crate::engine) fn read(snapshot: &Snapshot) -> Result<Self> {
        Ok(Self {
            namespaces: snapshot.scan_readable::<NamespaceRow>(CATALOG, &Range::all())?.collect::<Result<_>>()?,
            profiles: snapshot.scan_readable::<ProfileRow>(CATALOG, &Range::all())?.collect::<Result<_>>()?,
            doomed: snapshot
                .scan_readable::<DoomedRow>(CATALOG, &Range::all())?
                .map(|row| row.map(|(key, _)| key))
                .collect::<Result<_>>()?,
            spaces: snapshot.spaces().filter(|space| !matches!(space, Ok(CATALOG))).collect::<Result<_>>()?,
        })
    }

    /// Namespaces that profiles name and nobody has.
    pub(in crate::engine) fn lost_namespaces(&self) -> BTreeSet<NamespaceId> {
        self.lost_among(self.profiles.iter().map(|((id, _), _)| *id))
    }

    fn lost_among(&self, named: impl Iterator<Item = NamespaceId>) -> BTreeSet<NamespaceId> {
        let there: BTreeSet<NamespaceId> = self.namespaces.values().map(|row| row.id).collect();
        named.filter(|id| !there.contains(id) && !self.doomed.contains(&DoomedKey::Namespace(*id))).collect()
    }

    /// Spaces that have rows and belong to no profile.
    pub(in crate::engine) fn lost_spaces(&self) -> Vec<SpaceId> {
        let owned: BTreeSet<SpaceId> = self.profiles.iter().map(|(_, row)| row.space).collect();
        let lost = |space: &SpaceId| !owned.contains(space) && !self.doomed.contains(&DoomedKey::Space(*space));
        self.spaces.iter().copied().filter(lost).collect()
    }

    /// Spaces that more than one profile has.
    pub(in crate::engine) fn shared_spaces(&self) -> BTreeSet<SpaceId> {
        let mut seen = BTreeSet::new();
        self.profiles.iter().map(|(_, row)| row.space).filter(|space| !seen.insert(*space)).collect()
    }
}

/// Gives what lost its owner to the one that it must have had, or to the account of what was recovered.
pub(super) fn mend(store: &Store, broken: &[BrokenRow], now: Timestamp, report: &mut Report) -> Result<()> {
    let snapshot = store.read()?;
    let catalog = Catalog::read(&snapshot)?;
    let mut mender = Mender { store, snapshot, catalog, now, batch: Batch::new(), report, recovered: None };
    for key in broken.iter().filter_map(BrokenRow::key_of::<DoomedRow>) {
        mender.batch.put(CATALOG, &key, &DoomedRow { since: now });
        mender.catalog.doomed.insert(key);
        mender.report.mended("catalog", "something deleted is erased again from the start");
    }
    let namespaces: Vec<_> = broken.iter().filter_map(BrokenRow::key_of::<NamespaceRow>).collect();
    let profiles: Vec<_> = broken.iter().filter_map(BrokenRow::key_of::<ProfileRow>).collect();
    mender.namespaces(&namespaces, &profiles)?;
    mender.profiles(&profiles)?;
    for space in mender.catalog.shared_spaces() {
        mender.report.lost("catalog", format!("space {space} belongs to two profiles: restore a backup"));
    }
    store.commit(mender.batch)
}

struct Mender<'a> {
    store: &'a Store,
    snapshot: Snapshot,
    catalog: Catalog,
    now: Timestamp,
    batch: Batch,
    report: &'a mut Report,
    recovered: Option<NamespaceId>,
}

impl Mender<'_> {
    /// `profiles` are those whose own rows are broken: they name their namespaces all the same.
    fn namespaces(
        &mut self,
        broken: &[(AccountId, NamespaceName)],
        profiles: &[(NamespaceId, ProfileName)],
    ) -> Result<()> {
        let mut lost = self.catalog.lost_namespaces();
        lost.extend(self.catalog.lost_among(profiles.iter().map(|(id, _)| *id)));
        let lost: Vec<NamespaceId> = lost.into_iter().collect();
        match (broken, &*lost) {
            ([key], [id]) => {
                let place = format!("{}/{}", key.0, key.1);
                self.put_namespace(key, *id);
                self.report.mended(&place, "the namespace has its profiles again; its times are those of its id");
            }
            (_, []) => {
                for key in broken {
                    self.put_namespace(key, Ids::default().next(self.now)?);
                    self.report.mended(&format!("{}/{}", key.0, key.1), "the namespace is there again; it was empty");
                }
            }
            _ => {
                for (account, name) in broken {
                    self.report.lost(&format!("{account}/{name}"), "the namespace cannot be told from others");
                }
                let mut number = 0;
                for id in lost {
                    // An earlier repair may have used some.
                    let key = loop {
                        number += 1;
                        let name = NamespaceName::parse(&format!("{RECOVERED}-{number}"))?;
                        let key = (AccountId::parse(RECOVERED)?, name);
                        if !self.catalog.namespaces.contains_key(&key) {
                            break key;
                        }
                    };
                    self.put_namespace(&key, id);
                    let what = "profiles of a namespace that cannot be told are here now";
                    self.report.lost(&format!("{RECOVERED}/{}", key.1), what);
                }
            }
        }
        Ok(())
    }

    fn put_namespace(&mut self, key: &(AccountId, NamespaceName), id: NamespaceId) {
        let created = Timestamp::from_millis(i64::try_from(id.bits() >> 80).unwrap_or(0));
        self.batch.put(CATALOG, key, &NamespaceRow { id, created, updated: created });
    }

    fn profiles(&mut self, broken: &[(NamespaceId, ProfileName)]) -> Result<()> {
        let lost = self.catalog.lost_spaces();
        match (broken, &*lost) {
            ([key], [space]) => {
                let created = self.first_time(*space)?;
                self.batch.put(CATALOG, key, &ProfileRow { space: *space, created });
                self.report.mended(key.1.as_str(), "the profile has its rows again");
            }
            (_, []) => {
                for key in broken {
                    let row = ProfileRow { space: self.store.allocate_space(), created: self.now };
                    self.batch.put(CATALOG, key, &row);
                    self.report.mended(key.1.as_str(), "the profile is there again; it was empty");
                }
            }
            _ => {
                for (_, name) in broken {
                    self.report.lost(name.as_str(), "the profile cannot be told from others");
                }
                for space in lost {
                    self.recover(space)?;
                }
            }
        }
        Ok(())
    }

    fn recover(&mut self, space: SpaceId) -> Result<()> {
        let namespace = match self.recovered {
            Some(id) => id,
            None => self.recovered_namespace()?,
        };
        let name = ProfileName::parse(&format!("space-{space}"))?;
        let created = self.first_time(space)?;
        self.batch.put(CATALOG, &(namespace, name.clone()), &ProfileRow { space, created });
        let place = format!("{RECOVERED}/{RECOVERED}/{name}");
        self.report.lost(&place, "the rows of a profile that cannot be told are here now");
        Ok(())
    }

    fn recovered_namespace(&mut self) -> Result<NamespaceId> {
        let key = (AccountId::parse(RECOVERED)?, NamespaceName::parse(RECOVERED)?);
        let id = match self.catalog.namespaces.get(&key) {
            Some(row) => row.id,
            None => Ids::default().next(self.now)?,
        };
        self.put_namespace(&key, id);
        self.recovered = Some(id);
        Ok(id)
    }

    /// When its first memory was made; now when it has none.
    fn first_time(&self, space: SpaceId) -> Result<Timestamp> {
        let mut memories = self.snapshot.scan_readable::<MemoryRow>(space, &Range::all())?;
        Ok(memories.next().transpose()?.map_or(self.now, |(_, row)| row.0.created_at))
    }
}

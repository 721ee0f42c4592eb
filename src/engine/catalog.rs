//! Namespaces and profiles: what there is, and which space a profile's rows are in.

use super::{Direction, Engine, NamespaceOrder, NamespaceQuery, Page, ProfileAddress, ProfileQuery};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AccountId, Namespace, NamespaceId, NamespaceName, Profile, ProfileName, Timestamp, Ulid};
use crate::store::rows::{DoomedKey, DoomedRow, NamespaceRow, ProfileRow};
use crate::store::{Batch, Range, Snapshot, SpaceId};

pub(super) const CATALOG: SpaceId = SpaceId::CATALOG;

impl Engine {
    /// The account's namespaces, a page at a time.
    ///
    /// # Errors
    /// `InvalidInput` for a cursor that no page gave.
    pub fn namespaces(&self, account: &AccountId, query: &NamespaceQuery) -> Result<Page<Namespace>> {
        let snapshot = self.shared.store.read()?;
        let mut all: Vec<Namespace> = snapshot
            .scan::<NamespaceRow>(CATALOG, &Range::within(account))?
            .map(|row| row.map(|((_, name), row)| namespace(name, &row)))
            .collect::<Result<_>>()?;
        match query.order {
            NamespaceOrder::Id => all.sort_by_key(|n| n.id),
            NamespaceOrder::Name => {} // the rows' own order
        }
        if query.direction == Direction::Descending {
            all.reverse();
        }
        let after = query.cursor.as_deref().map(|cursor| NamespaceCursor::parse(query.order, cursor)).transpose()?;
        let rest = all.into_iter().filter(|n| after.as_ref().is_none_or(|c| c.is_before(n, query.direction)));
        Ok(page(rest, query.per_page, |n| match query.order {
            NamespaceOrder::Id => n.id.to_string(),
            NamespaceOrder::Name => n.name.to_string(),
        }))
    }

    /// Creates a namespace.
    ///
    /// # Errors
    /// `NamespaceExists`.
    pub fn create_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace> {
        let now = self.shared.clock.now();
        let row = NamespaceRow { id: self.shared.ids.next(now)?, created: now, updated: now };
        let key = (account.clone(), name.clone());
        let mut batch = Batch::new();
        batch.require_absent::<NamespaceRow>(CATALOG, &key);
        batch.put(CATALOG, &key, &row);
        self.shared.store.commit(batch).map_err(|e| match e.kind() {
            ErrorKind::Conflict => Error::new(ErrorKind::NamespaceExists, "Namespace name already exists"),
            _ => e,
        })?;
        Ok(namespace(name.clone(), &row))
    }

    /// One namespace.
    ///
    /// # Errors
    /// `NamespaceNotFound`.
    pub fn namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace> {
        let row = namespace_row(&self.shared.store.read()?, account, name)?;
        Ok(namespace(name.clone(), &row))
    }

    /// Deletes a namespace with everything in it. Its name is free at once.
    ///
    /// # Errors
    /// `NamespaceNotFound`.
    pub fn delete_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<()> {
        let row = namespace_row(&self.shared.store.read()?, account, name)?;
        let key = (account.clone(), name.clone());
        let mut batch = Batch::new();
        batch.require_equal(CATALOG, &key, &row);
        batch.delete::<NamespaceRow>(CATALOG, &key);
        batch.put(CATALOG, &DoomedKey::Namespace(row.id), &DoomedRow { since: self.shared.clock.now() });
        self.shared.store.commit(batch).map_err(gone_meanwhile(namespace_not_found))?;
        self.eraser.wake();
        Ok(())
    }

    /// A namespace's profiles by name, a page at a time.
    ///
    /// # Errors
    /// `NamespaceNotFound`; `InvalidInput` for a cursor that no page gave.
    pub fn profiles(
        &self,
        account: &AccountId,
        namespace: &NamespaceName,
        query: &ProfileQuery,
    ) -> Result<Page<Profile>> {
        let snapshot = self.shared.store.read()?;
        let id = namespace_row(&snapshot, account, namespace)?.id;
        let range = match &query.cursor {
            None => Range::within(&id),
            Some(name) => Range::within(&id).after(&(id, ProfileName::parse(name).map_err(|_| bad_cursor(name))?)),
        };
        let rows = snapshot.scan::<ProfileRow>(CATALOG, &range)?.take(query.per_page + 1);
        let profiles: Vec<Profile> = rows
            .map(|row| row.map(|((_, name), row)| Profile { name, created_at: row.created }))
            .collect::<Result<_>>()?;
        Ok(page(profiles.into_iter(), query.per_page, |p| p.name.to_string()))
    }

    /// Deletes a profile with everything in it.
    ///
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub fn delete_profile(&self, at: &ProfileAddress) -> Result<()> {
        let found = Found::profile(&self.shared.store.read()?, at)?;
        let mut batch = Batch::new();
        doom_profile(&mut batch, &found.key, &found.row, self.shared.clock.now());
        self.shared.store.commit(batch).map_err(gone_meanwhile(profile_not_found))?;
        self.shared.loaded.forget(found.row.space);
        self.eraser.wake();
        Ok(())
    }
}

/// A profile that is there.
pub(super) struct Found {
    pub(super) key: (NamespaceId, ProfileName),
    pub(super) row: ProfileRow,
}

impl Found {
    /// # Errors
    /// `NamespaceNotFound`, `ProfileNotFound`.
    pub(super) fn profile(snapshot: &Snapshot, at: &ProfileAddress) -> Result<Self> {
        let key = (namespace_row(snapshot, &at.account, &at.namespace)?.id, at.profile.clone());
        let row = snapshot.get::<ProfileRow>(CATALOG, &key)?.ok_or_else(profile_not_found)?;
        Ok(Self { key, row })
    }
}

/// Hides a profile and hands its space to the eraser.
pub(super) fn doom_profile(batch: &mut Batch, key: &(NamespaceId, ProfileName), row: &ProfileRow, since: Timestamp) {
    batch.require_equal(CATALOG, key, row);
    batch.delete::<ProfileRow>(CATALOG, key);
    batch.put(CATALOG, &DoomedKey::Space(row.space), &DoomedRow { since });
}

pub(super) fn namespace_row(snapshot: &Snapshot, account: &AccountId, name: &NamespaceName) -> Result<NamespaceRow> {
    snapshot.get(CATALOG, &(account.clone(), name.clone()))?.ok_or_else(namespace_not_found)
}

/// Cuts a page out of what comes after the cursor: `cursor_of` names the last row when there are more.
pub(super) fn page<T>(rows: impl Iterator<Item = T>, per_page: usize, cursor_of: impl Fn(&T) -> String) -> Page<T> {
    let mut items: Vec<T> = rows.take(per_page + 1).collect();
    let more = items.len() > per_page;
    items.truncate(per_page);
    let cursor = items.last().filter(|_| more).map(cursor_of);
    Page { items, cursor }
}

pub(super) fn bad_cursor(cursor: &str) -> Error {
    Error::invalid("/cursor", format!("cursor of {} bytes is not one that a page of this list gave", cursor.len()))
}

fn namespace(name: NamespaceName, row: &NamespaceRow) -> Namespace {
    Namespace { id: row.id, name, created_at: row.created, updated_at: row.updated }
}

fn namespace_not_found() -> Error {
    Error::new(ErrorKind::NamespaceNotFound, "namespace not found")
}

fn profile_not_found() -> Error {
    Error::new(ErrorKind::ProfileNotFound, "profile not found")
}

/// What was read is not there any more: for the caller it was never there.
fn gone_meanwhile(not_found: fn() -> Error) -> impl Fn(Error) -> Error {
    move |e| if e.kind() == ErrorKind::Conflict { not_found() } else { e }
}

enum NamespaceCursor {
    Id(Ulid),
    Name(NamespaceName),
}

impl NamespaceCursor {
    fn parse(order: NamespaceOrder, text: &str) -> Result<Self> {
        let parsed = match order {
            NamespaceOrder::Id => Ulid::parse(text).map(Self::Id),
            NamespaceOrder::Name => NamespaceName::parse(text).ok().map(Self::Name),
        };
        parsed.ok_or_else(|| bad_cursor(text))
    }

    fn is_before(&self, namespace: &Namespace, direction: Direction) -> bool {
        let order = match self {
            Self::Id(id) => id.cmp(&namespace.id),
            Self::Name(name) => name.cmp(&namespace.name),
        };
        match direction {
            Direction::Ascending => order.is_lt(),
            Direction::Descending => order.is_gt(),
        }
    }
}

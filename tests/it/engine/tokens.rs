//! Who may do what.

use mnemon::engine::Scope::{Read, Write};
use mnemon::engine::{Access, Grant, NewToken};
use mnemon::model::{AccountId, NamespaceName};

use crate::support::{Bench, instant};

#[test]
fn a_token_works_until_it_is_revoked_and_only_its_hash_is_kept() {
    let mut bench = Bench::new();
    let secret = bench.engine().ensure_first_token().unwrap().expect("the first start makes one");
    assert!(bench.engine().ensure_first_token().unwrap().is_none(), "and only the first");
    assert_eq!(bench.engine().authenticate(secret.reveal()).unwrap(), Some(Grant::administrator()));
    bench.close();
    let file = fs_err::read(bench.folder.path().join("mnemon.redb")).unwrap();
    let (_, random) = secret.reveal().rsplit_once('_').unwrap();
    assert!(!file.windows(random.len()).any(|window| window == random.as_bytes()));

    bench.reopen();
    let engine = bench.engine();
    let token = engine.tokens().unwrap().remove(0);
    for wrong in ["", "mnemon_", "mnemon_x_y", &secret.reveal().replace(random, &"0".repeat(64)), random] {
        assert_eq!(engine.authenticate(wrong).unwrap(), None, "{wrong}");
    }
    assert!(engine.revoke_token(token.id).unwrap());
    assert_eq!(engine.authenticate(secret.reveal()).unwrap(), None);
    assert!(!engine.revoke_token(token.id).unwrap());
}

#[test]
fn a_grant_reaches_no_further_than_it_says() {
    let (own, other) = (AccountId::parse("own").unwrap(), AccountId::parse("other").unwrap());
    let (ns, ns2) = (NamespaceName::parse("ns").unwrap(), NamespaceName::parse("ns2").unwrap());
    let whole = |account: Option<&AccountId>, scope| Grant { account: account.cloned(), namespace: None, scope };
    let part = |scope| Grant { account: Some(own.clone()), namespace: Some(ns.clone()), scope };
    for (grant, access, allowed) in [
        (whole(None, Write), Access::Server, true),
        (whole(Some(&own), Write), Access::Server, false),
        (whole(Some(&own), Write), Access::Account(&own, Write), true),
        (whole(Some(&own), Write), Access::Account(&other, Read), false),
        (whole(Some(&own), Read), Access::Account(&own, Write), false),
        (whole(Some(&own), Read), Access::Namespace(&own, &ns, Read), true),
        (part(Write), Access::Account(&own, Read), false),
        (part(Write), Access::Namespace(&own, &ns, Write), true),
        (part(Write), Access::Namespace(&own, &ns2, Read), false),
        (part(Write), Access::Namespace(&other, &ns, Read), false),
        (part(Read), Access::Namespace(&own, &ns, Write), false),
    ] {
        assert_eq!(grant.allows(access), allowed, "{grant:?} {access:?}");
    }
}

#[test]
fn a_scoped_token_keeps_its_scope_over_a_restart() {
    let mut bench = Bench::new();
    let grant = Grant {
        account: Some(AccountId::parse("own").unwrap()),
        namespace: Some(NamespaceName::parse("ns").unwrap()),
        scope: Read,
    };
    let new = NewToken { label: "laptop".to_owned(), grant: grant.clone() };
    let (token, secret) = bench.engine().create_token(new).unwrap();
    bench.reopen();
    assert_eq!(bench.engine().tokens().unwrap(), [token]);
    assert_eq!(bench.engine().authenticate(secret.reveal()).unwrap(), Some(grant));
}

#[test]
fn the_last_use_is_known_at_once_kept_at_the_end_and_revives_nothing() {
    let mut bench = Bench::new();
    let new = |label: &str| NewToken { label: label.to_owned(), grant: Grant::administrator() };
    let (used, secret) = bench.engine().create_token(new("used")).unwrap();
    let (revoked, other) = bench.engine().create_token(new("revoked")).unwrap();
    bench.engine().create_token(new("never used")).unwrap();
    assert_eq!(used.last_used_at, None);
    let later = instant("2026-06-01T12:05:00Z");
    bench.clock.set(later);
    for secret in [&secret, &other] {
        bench.engine().authenticate(secret.reveal()).unwrap().expect("it is good");
    }
    assert!(bench.engine().authenticate("wrong").unwrap().is_none());
    let listed = |bench: &Bench| {
        let tokens = bench.engine().tokens().unwrap();
        tokens.into_iter().map(|token| (token.label, token.last_used_at)).collect::<Vec<_>>()
    };
    assert_eq!(listed(&bench)[0], ("used".to_owned(), Some(later)));
    assert!(bench.engine().revoke_token(revoked.id).unwrap());
    bench.reopen();
    assert_eq!(listed(&bench), [("used".to_owned(), Some(later)), ("never used".to_owned(), None)]);
    bench.engine().authenticate(secret.reveal()).unwrap().expect("it is still good");
}

//! Every write, resize and sync of a workload, and every fifth read, fails once, in each way that a disk may; then what is
//! left is opened again. It must be what was there after the last step that was acknowledged, or after the one that was being
//! made, whole.
//!
//! A few of the faults in every run of the tests, all of them with `make faults`. The disk is `store/disk.rs`.

mod workload;

use std::panic::{AssertUnwindSafe, catch_unwind};

use workload::{STEPS, World, seen};

use crate::error::{Error, ErrorKind};
use crate::store::disk::{Counts, Disk, Fault};

/// What can be seen after each step, and before the first; and what that asked of the disk.
struct Model {
    after: Vec<Vec<String>>,
    counts: Counts,
}

/// How a sweep went.
#[derive(Default)]
struct Tally {
    injected: usize,
    /// Runs in which the engine could still be read after the fault.
    read_on: usize,
    /// Recoveries during which the power went again.
    cut_again: usize,
}

/// Pages in memory: all of them, or none where reading is to fail.
fn cache_bytes(fault: Fault) -> usize {
    if fault == Fault::FailsToRead { 0 } else { 1 << 20 }
}

/// The workload on a disk that works: what every other run is held against.
fn model(cache_bytes: usize) -> Model {
    let mut world = World::new(Disk::with_file(1), cache_bytes);
    world.open().unwrap();
    let mut after = vec![seen(world.engine()).unwrap()];
    for step in STEPS {
        step(&mut world).unwrap();
        let now = world.engine.as_ref().map(|engine| seen(engine).unwrap());
        after.push(now.unwrap_or_else(|| after.last().unwrap().clone()));
    }
    // Counted apart: looking at what there is reads too.
    let mut world = World::new(Disk::with_file(1), cache_bytes);
    world.open().unwrap();
    for step in STEPS {
        step(&mut world).unwrap();
    }
    Model { after, counts: world.disk.counts() }
}

/// Steps until one fails: how many were acknowledged, and why the next was not. Opening is step 0.
fn run(world: &mut World) -> (usize, Option<Error>) {
    if let Err(error) = world.open() {
        return (0, Some(error));
    }
    for (done, step) in STEPS.iter().enumerate() {
        if let Err(error) = step(world) {
            return (done, Some(error));
        }
    }
    (STEPS.len(), None)
}

/// One fault at one operation, and everything that must hold afterwards.
fn inject(model: &Model, fault: Fault, at: u64, tally: &mut Tally) {
    let disk = Disk::with_file(at);
    disk.plan(at, fault);
    let mut world = World::new(disk.clone(), cache_bytes(fault));
    let (done, error) = run(&mut world);
    // The last operations are not the same in every run: how much the eraser has to do is a matter of its timing.
    tally.injected += usize::from(disk.has_met());
    let may_be = &model.after[done..model.after.len().min(done + 2)];
    if let Some(error) = error {
        assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Poisoned), "{error:?}");
        if world.engine.is_some() {
            tally.read_on += usize::from(serves_what_it_can(&mut world, may_be));
        }
    }
    drop(world);
    let mut left = disk.after_restart();
    if at.is_multiple_of(3) {
        // The power goes while what the first fault left is put in order.
        left.plan(at / 3 % 24, Fault::Mixes);
        let mut interrupted = World::new(left.clone(), cache_bytes(fault));
        let _opened_or_not = interrupted.open();
        drop(interrupted);
        tally.cut_again += usize::from(left.has_met());
        left = left.after_restart();
    }
    recovers(World::new(left, 1 << 20), may_be);
}

/// After a fault nothing is written, and what is read is right; whether anything can be read.
fn serves_what_it_can(world: &mut World, may_be: &[Vec<String>]) -> bool {
    let refused = world.create_token("after the fault").unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Poisoned, "{refused:?}");
    assert!(refused.message().contains("restart"), "{refused}");
    let unready = world.engine().ready().unwrap_err();
    assert!(unready.message().contains("restart"), "{unready}");
    match seen(world.engine()) {
        Ok(now) => {
            assert!(may_be.contains(&now), "what is read is not what was written");
            true
        }
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Poisoned), "{error:?}");
            false
        }
    }
}

/// Nothing that was acknowledged is lost, nothing is there by half, everything agrees, and it works again.
fn recovers(mut world: World, may_be: &[Vec<String>]) {
    world.open().unwrap();
    let now = seen(world.engine()).unwrap();
    let differ = || now.iter().filter(|line| may_be.iter().all(|all| !all.contains(line))).collect::<Vec<_>>();
    // The model that made the vectors is known from the first opening on.
    let fits = may_be.contains(&now) || (may_be[0] == ["model words"] && now.is_empty());
    assert!(fits, "lost or half applied; there and not expected: {:?}", differ());
    let model = now.iter().find_map(|line| line.strip_prefix("model ")).unwrap_or("words").to_owned();
    world.pages_are_whole(&model).unwrap();
    let report = world.engine().check(&|_, _| ()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let _there_or_not = world.engine().create_namespace(
        &crate::model::AccountId::parse("local").unwrap(),
        &crate::model::NamespaceName::parse("tests").unwrap(),
    );
    world.remember("ana", "written after all was well again").unwrap();
    assert!(seen(world.engine()).unwrap().iter().any(|line| line.contains("after all was well")));
}

/// Injects the fault at every operation from `first` on that is `apart` from the last; what failed is named.
fn sweep(fault: Fault, first: u64, apart: u64) -> Tally {
    let model = model(cache_bytes(fault));
    let mut tally = Tally::default();
    let mut lost = Vec::new();
    let all = model.counts.of(fault);
    for at in (first..all).step_by(usize::try_from(apart).unwrap()) {
        if catch_unwind(AssertUnwindSafe(|| inject(&model, fault, at, &mut tally))).is_err() {
            lost.push(at);
        }
    }
    println!(
        "{fault:?}: of {all} operations ({:?}) {} met the fault, {} went on reading, {} were cut again; lost: {}",
        model.counts,
        tally.injected,
        tally.read_on,
        tally.cut_again,
        lost.len(),
    );
    assert!(lost.is_empty(), "{fault:?} at {lost:?} of {all}");
    tally
}

/// Which operations a run of all tests takes: a few of each kind, not the same of all.
const SAMPLED: u64 = 83;

#[test]
fn a_write_that_fails_loses_nothing_that_was_acknowledged() {
    assert!(sweep(Fault::Fails, 1, SAMPLED).injected > 3);
}

#[test]
fn a_torn_write_leaves_nothing_half_applied() {
    assert!(sweep(Fault::Tears, 31, SAMPLED).injected > 3);
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    assert!(sweep(Fault::Forgets, 53, SAMPLED).injected > 3);
    assert!(sweep(Fault::Mixes, 77, SAMPLED).injected > 3);
}

#[test]
fn a_read_that_fails_is_told_and_nothing_is_lost() {
    assert!(sweep(Fault::FailsToRead, 13, 6 * SAMPLED).injected > 3);
}

macro_rules! full_sweeps {
    ($($name:ident: $fault:ident, $apart:literal apart;)*) => {
        $(
            #[test]
            #[ignore = "takes minutes: make faults"]
            fn $name() {
                sweep(Fault::$fault, 0, $apart);
            }
        )*
    };
}

full_sweeps! {
    all_faults_where_writes_fail: Fails, 1 apart;
    all_faults_where_writes_tear: Tears, 1 apart;
    all_faults_where_power_cuts_forget: Forgets, 1 apart;
    all_faults_where_power_cuts_mix: Mixes, 1 apart;
    all_faults_where_reads_fail: FailsToRead, 5 apart;
}

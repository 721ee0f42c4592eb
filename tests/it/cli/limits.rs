//! A server that the system leaves little: clear errors, no lost write, and service again when there is room.

use std::net::TcpStream;

use super::serve::{Serving, TOKEN, ask};
use super::{Place, Ran};

fn kind(ran: &Ran) -> String {
    ran.error()["kind"].as_str().unwrap().to_owned()
}

fn contents(place: &Place, server: &Serving) -> usize {
    let ran = ask(place, server, &["memories", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.json().as_array().unwrap().len()
}

/// Lets no file of the server grow beyond `bytes`, as a full disk or a quota would.
#[cfg(target_os = "linux")]
fn let_files_grow_to(server: &Serving, bytes: Option<u64>) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let pid = Pid::from_raw(server.id().try_into().unwrap());
    prlimit(pid, Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_grow_loses_nothing_and_is_written_again_when_it_may() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    assert_eq!(ask(&place, &server, &["remember", "Ana likes tea"]).code, 0);
    let length = fs_err::metadata(place.path("mnemon-data/mnemon.redb")).unwrap().len();
    for room in [0, 4 << 20, 15 << 20] {
        let_files_grow_to(&server, Some(length + room));
        let refused = ask(&place, &server, &["remember", "Ana plays chess", "--json"]);
        assert_eq!((refused.code, kind(&refused).as_str()), (1, "no_space"), "{}", refused.stderr);
        assert_eq!(contents(&place, &server), 1, "it is read all the same, and what was refused is not there");
    }
    let_files_grow_to(&server, None);
    assert_eq!(ask(&place, &server, &["remember", "Ana has a cat"]).code, 0, "without a restart");
    assert_eq!(contents(&place, &server), 2);
    drop(server);
    place.ok(&["check"]);
}

#[test]
fn few_open_files_are_enough_however_many_connect() {
    let place = Place::new();
    let server = Serving::start_limited(&place, "ulimit -n 48");
    let address = server.url().trim_start_matches("http://").to_owned();
    let idle: Vec<_> = (0..200).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for n in 0..5 {
        let ran = ask(&place, &server, &["remember", &format!("Ana has {n} cats and a dog named Rex{n}")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    let ran = ask(&place, &server, &["backup", "live.backup"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(contents(&place, &server) >= 1);
    drop(idle);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let folder = place.path("closed");
    fs_err::create_dir(&folder).unwrap();
    fs_err::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    // Permissions do not bind an administrator; a file where the folder should be binds everybody.
    let bound = fs_err::write(folder.join("probe"), "").is_err();
    place.file("file", "");
    for (data, applies) in [("closed/data", bound), ("file/data", true)] {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["remember", "Ana likes tea"]] {
            if applies {
                let ran = place.run(&[command, &["--data", data, "--json"]].concat());
                assert_eq!((ran.code, kind(&ran).as_str()), (1, "io"), "{command:?} {}", ran.stderr);
                assert!(ran.error()["message"].as_str().unwrap().contains(data), "{}", ran.stderr);
            }
        }
    }
}

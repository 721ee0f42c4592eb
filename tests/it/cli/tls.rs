//! TLS by certificate files, from end to end, and who may read the files.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use super::serve::{Serving, TOKEN};
use super::{Place, Ran};

/// A certificate for this machine that has signed itself, and its key.
fn certified(place: &Place) -> (PathBuf, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let key = place.file("key.pem", &made.signing_key.serialize_pem());
    set_mode(&key, 0o600);
    (place.file("cert.pem", &made.cert.pem()), key)
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs_err::metadata(path).unwrap().permissions().mode() & 0o777
}

fn ask(place: &Place, url: &str, trusted: &str) -> Ran {
    let mut command = place.command(&["remember", "Ana likes tea", "--url", url, "--json"]);
    Ran::from(command.env("MNEMON_API_TOKEN", TOKEN).env("MNEMON_TLS_CA", trusted).output().unwrap())
}

#[test]
fn what_is_said_over_tls_arrives_and_only_a_trusted_server_hears_it() {
    let place = Place::new();
    certified(&place);
    let server = Serving::start_with(&place, Some(TOKEN), &["--tls-cert", "cert.pem", "--tls-key", "key.pem"]);
    assert!(server.url().starts_with("https://127.0.0.1:"), "{}", server.url());
    let ran = ask(&place, server.url(), "cert.pem");
    assert_eq!((ran.code, ran.json()["content"].as_str()), (0, Some("Ana likes tea")), "{}", ran.stderr);

    let another = Place::new();
    let (stranger, _) = certified(&another);
    let refused = ask(&place, server.url(), stranger.to_str().unwrap());
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    assert!(refused.error()["message"].as_str().unwrap().contains("certificate"), "{}", refused.stderr);

    let mut plain = TcpStream::connect(server.url().trim_start_matches("https://")).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "nothing is said without TLS");
    assert_eq!(ask(&place, server.url(), "cert.pem").code, 0, "and it serves on");
}

#[test]
fn files_that_are_no_certificate_and_key_are_named() {
    let place = Place::new();
    certified(&place);
    let other = Place::new();
    let (_, other_key) = certified(&other);
    let other_key = other_key.to_str().unwrap();
    place.file("empty.pem", "");
    for (certificate, key, words) in [
        ("missing.pem", "key.pem", "missing.pem"),
        ("empty.pem", "key.pem", "empty.pem` has no certificate"),
        ("key.pem", "key.pem", "key.pem` has no certificate"),
        ("cert.pem", "cert.pem", "cert.pem` has no private key"),
        ("cert.pem", other_key, "cannot be used together"),
    ] {
        let ran = place.run(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate, "--tls-key", key]);
        assert!(ran.code == 1 || ran.code == 2, "{certificate} {key}: {}", ran.code);
        assert!(ran.stderr.contains(words) && !ran.stderr.contains("PRIVATE"), "{certificate} {key}: {}", ran.stderr);
    }
    assert_eq!(place.run(&["serve", "--tls-cert", "cert.pem"]).code, 2, "one needs the other");
    assert!(!place.path("mnemon-data").exists());
}

#[test]
fn data_is_its_owners_alone_and_a_warning_says_when_it_is_not() {
    let place = Place::new();
    let (_, key) = certified(&place);
    let options = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let logged = || Serving::start_with(&place, Some(TOKEN), &options).log();
    let log = logged();
    let (folder, file) = (place.path("mnemon-data"), place.path("mnemon-data/mnemon.redb"));
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    assert!(!log.contains("chmod"), "{log}");

    for (path, wider, advice) in
        [(&folder, 0o755, "chmod 700"), (&file, 0o640, "chmod 600"), (&key, 0o644, "chmod 600")]
    {
        let private = mode(path);
        set_mode(path, wider);
        let log = logged();
        assert!(log.contains(advice) && log.contains(path.file_name().unwrap().to_str().unwrap()), "{log}");
        set_mode(path, private);
    }
}

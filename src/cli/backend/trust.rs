//! Which servers' certificates are trusted: what `MNEMON_TLS_CA` names, or else what the system trusts.

use std::path::{Path, PathBuf};

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::error::{Error, ErrorKind, Result};

/// Where systems keep the certificates that they trust: Debian and its kin, Fedora and its kin, BSD and macOS.
const OF_THE_SYSTEM: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// How `https://` addresses are spoken to.
///
/// # Errors
/// `InvalidInput` when there is no file of certificates, or no certificate in it; `Io` when it cannot be read.
pub(super) fn trusted() -> Result<TlsConfig> {
    crate::http::use_ring();
    let named = std::env::var_os("MNEMON_TLS_CA").filter(|name| !name.is_empty()).map(PathBuf::from);
    let of_the_system = || OF_THE_SYSTEM.iter().map(PathBuf::from).find(|file| file.exists());
    let file = named.or_else(of_the_system).ok_or_else(|| {
        let message = "this system has no file of trusted certificates: name one in MNEMON_TLS_CA";
        Error::new(ErrorKind::InvalidInput, message)
    })?;
    let certificates = certificates(&file)?;
    let config =
        TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(RootCerts::new_with_certs(&certificates));
    Ok(config.build())
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>> {
    let pem = fs_err::read(file).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let certificates: Vec<_> = parse_pem(&pem).filter_map(certificate).collect();
    if certificates.is_empty() {
        let message = format!("`{}` has no certificate: a PEM file is needed", file.display());
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(certificates)
}

//! Reads large constants of this binary from its file, not from the mapping of it.
//!
//! A page of the mapping that was touched counts as resident memory of the process, 58 MiB for the runtime and the
//! model, although each is read once and copied. Where this system has no /proc, the mapping is read after all.

use std::io::Read;

/// The bytes of `constant`, from wherever they cost least.
pub(super) fn reader(constant: &'static [u8]) -> Box<dyn Read> {
    #[cfg(target_os = "linux")]
    if let Some(file) = from_file::reader(constant) {
        return Box::new(file);
    }
    Box::new(constant)
}

#[cfg(target_os = "linux")]
mod from_file {
    use std::fs::File;
    use std::io::{Read, Seek, SeekFrom, Take};

    /// The file that this program was started from, also when another one has its name by now.
    const OWN_FILE: &str = "/proc/self/exe";

    /// Bytes compared at either end, to be sure of the place.
    const SAMPLE: usize = 64;

    pub(super) fn reader(constant: &'static [u8]) -> Option<Take<File>> {
        let offset = offset_in_file(constant)?;
        let mut file = fs_err::File::open(OWN_FILE).ok()?.into_parts().0;
        let (first, last) = (constant.first_chunk::<SAMPLE>()?, constant.last_chunk::<SAMPLE>()?);
        let last_offset = offset + (constant.len() - SAMPLE) as u64;
        for (expected, at) in [(last, last_offset), (first, offset)] {
            let mut found = [0; SAMPLE];
            file.seek(SeekFrom::Start(at)).ok()?;
            file.read_exact(&mut found).ok()?;
            if found != *expected {
                return None;
            }
        }
        file.seek(SeekFrom::Start(offset)).ok()?;
        Some(file.take(constant.len() as u64))
    }

    /// Where the program's file has the constant, as the kernel's list of mappings tells it.
    fn offset_in_file(constant: &'static [u8]) -> Option<u64> {
        let own_path = fs_err::read_link(OWN_FILE).ok()?;
        let maps = fs_err::read_to_string("/proc/self/maps").ok()?;
        let address = constant.as_ptr() as u64;
        let mapping = maps.lines().filter_map(Mapping::parse).find(|m| (m.start..m.end).contains(&address))?;
        let ours = mapping.path == own_path.to_str()? && address + constant.len() as u64 <= mapping.end;
        ours.then(|| address - mapping.start + mapping.offset)
    }

    /// A line of /proc/self/maps: `start-end permissions offset device inode path`.
    #[derive(Debug, PartialEq)]
    struct Mapping<'a> {
        start: u64,
        end: u64,
        offset: u64,
        path: &'a str,
    }

    impl<'a> Mapping<'a> {
        fn parse(line: &'a str) -> Option<Self> {
            let hex = |digits| u64::from_str_radix(digits, 16).ok();
            let mut fields = line.splitn(6, ' ');
            let (start, end) = fields.next()?.split_once('-')?;
            let offset = fields.nth(1)?;
            let path = fields.nth(2)?.trim_start();
            Some(Self { start: hex(start)?, end: hex(end)?, offset: hex(offset)?, path })
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn lines_of_the_mappings_are_read() {
            let line = "55d0c2a00000-55d0c6400000 r--p 00200000 fe:00 4242                       /opt/a b/mnemon";
            let path = "/opt/a b/mnemon";
            let expected = Mapping { start: 0x55d0_c2a0_0000, end: 0x55d0_c640_0000, offset: 0x20_0000, path };
            assert_eq!(Mapping::parse(line), Some(expected));
            for wrong in ["", "0-1", "x-y r--p 0 fe:00 1 /a", "0-1 r--p"] {
                assert_eq!(Mapping::parse(wrong), None, "{wrong}");
            }
        }

        #[test]
        fn embedded_model_is_read_from_the_file() {
            let assets = crate::embed::builtin::assets().expect("tests need the assets: run `make assets`");
            let mut found = Vec::new();
            reader(assets.onnx).expect("this binary's file is there").read_to_end(&mut found).unwrap();
            assert!(found == assets.onnx);
        }
    }
}

//! Vectors as files of NumPy's format, version 1: rows of little-endian floats.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::model::UnitVector;

const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";
/// The header, with all before it, is a multiple of this.
const ALIGNED: usize = 64;

/// Writes vectors of one dimension, one a row.
pub(super) fn write(path: &Path, vectors: &[UnitVector]) -> Result<()> {
    let columns = vectors.first().map_or(0, UnitVector::dimension);
    let text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {columns}), }}", vectors.len());
    let unpadded = MAGIC.len() + 2 + text.len() + 1;
    let header = format!("{text}{}\n", " ".repeat(unpadded.next_multiple_of(ALIGNED) - unpadded));
    let put = || -> io::Result<()> {
        let mut file = BufWriter::new(fs_err::File::create(path)?);
        file.write_all(MAGIC)?;
        file.write_all(&u16::try_from(header.len()).unwrap_or(u16::MAX).to_le_bytes())?;
        file.write_all(header.as_bytes())?;
        for number in vectors.iter().flat_map(UnitVector::as_slice) {
            file.write_all(&number.to_le_bytes())?;
        }
        file.flush()
    };
    put().map_err(super::folder::io_error)
}

/// Reads such a file. Rows are scaled to length one.
pub(super) fn read(path: &Path) -> Result<Vec<UnitVector>> {
    let bytes = fs_err::read(path).map_err(super::folder::io_error)?;
    parse(&bytes).map_err(|why| Error::new(ErrorKind::InvalidInput, format!("{}: {why}", path.display())))
}

fn parse(bytes: &[u8]) -> std::result::Result<Vec<UnitVector>, String> {
    let rest = bytes.strip_prefix(MAGIC).ok_or("it is no NumPy file of version 1.0")?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or("it ends within its header")?;
    let (header, rest) =
        rest.split_at_checked(usize::from(u16::from_le_bytes(*length))).ok_or("it ends within its header")?;
    let header = std::str::from_utf8(header).map_err(|_| "its header is no text")?;
    if !header.contains("'<f4'") || header.contains("'fortran_order': True") {
        return Err("its numbers must be little-endian floats of 32 bits, row by row".to_owned());
    }
    let shape =
        header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).map_or("", |(shape, _)| shape);
    let sides: Vec<usize> = shape.split(',').filter_map(|side| side.trim().parse().ok()).collect();
    let &[rows, columns] = sides.as_slice() else {
        return Err(format!("its shape is ({shape}), it must have 2 sides"));
    };
    let (numbers, left) = rest.as_chunks::<4>();
    if Some(numbers.len()) != rows.checked_mul(columns) || !left.is_empty() || columns == 0 {
        return Err(format!("it has {} bytes of numbers, its shape ({shape}) wants others", rest.len()));
    }
    let row = |(place, row): (usize, &[[u8; 4]])| {
        let values = row.iter().map(|number| f32::from_le_bytes(*number)).collect();
        UnitVector::normalise(values).map_err(|error| format!("row {place}: {error}"))
    };
    numbers.chunks(columns).enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.npy");
        let unit = |values: Vec<f32>| UnitVector::normalise(values).unwrap();
        let vectors = vec![unit(vec![1.0, 0.0, 0.0]), unit(vec![0.0, -0.6, 0.8])];
        write(&path, &vectors).unwrap();
        assert!(read(&path).unwrap() == vectors);
        let bytes = fs_err::read(&path).unwrap();
        assert_eq!((bytes.len() - 24) % ALIGNED, 0);
        for (wrong, why) in [
            (&bytes[..bytes.len() - 1], "its shape (2, 3) wants others"),
            (&bytes[..9], "ends within its header"),
            (&bytes[1..], "no NumPy file"),
        ] {
            assert!(parse(wrong).is_err_and(|message| message.contains(why)), "{why}");
        }
    }
}

//! Vectors of length one.

use std::fmt;

/// A vector that is finite and of Euclidean length one, so that a dot product is a cosine.
#[derive(Clone, PartialEq)]
pub struct UnitVector(Box<[f32]>);

/// Why some numbers are not a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a vector of {dimension} numbers has no direction: it is empty, zero or not finite")]
pub struct NotAUnitVector {
    /// How many numbers there were.
    pub dimension: usize,
}

impl UnitVector {
    /// Scales `values` to length one.
    ///
    /// # Errors
    /// [`NotAUnitVector`] when there is no direction to keep.
    ///
    /// ```
    /// use mnemon::model::UnitVector;
    /// let v = UnitVector::normalise(vec![3.0, 4.0]).unwrap();
    /// assert_eq!(v.as_slice(), [0.6, 0.8]);
    /// assert!(UnitVector::normalise(vec![0.0, f32::NAN]).is_err());
    /// ```
    pub fn normalise(mut values: Vec<f32>) -> Result<Self, NotAUnitVector> {
        let length = values.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
        if !length.is_normal() {
            return Err(NotAUnitVector { dimension: values.len() });
        }
        for x in &mut values {
            // The quotient of a finite number and its vector's length is within [-1, 1]: it fits.
            #[expect(clippy::cast_possible_truncation)]
            let scaled = (f64::from(*x) / length) as f32;
            *x = scaled;
        }
        Ok(Self(values.into_boxed_slice()))
    }

    /// The numbers.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// How many numbers.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.0.len()
    }

    /// The cosine of the angle to `other`, in [-1, 1] but for rounding.
    #[must_use]
    pub fn dot(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }
}

impl fmt::Debug for UnitVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitVector({})", self.0.len())
    }
}

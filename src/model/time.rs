//! Time: instants in milliseconds, and moments that remember the writer's own offset.

use std::fmt;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z. Printed as `YYYY-MM-DDTHH:MM:SS.sssZ`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00.000Z: the first instant the wire format can print.
    pub const MIN: Self = Self(-62_135_596_800_000);
    /// 9999-12-30T21:59:59.999Z, about the last instant the wire format can print at any offset.
    pub const MAX: Self = Self(253_402_207_199_999);

    /// An instant from milliseconds, kept within what can be printed.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis).clamp(Self::MIN, Self::MAX)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff().strftime("%Y-%m-%dT%H:%M:%S.%3fZ"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An instant and the writer's offset from UTC: what "yesterday" is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// When.
    pub instant: Timestamp,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

impl Moment {
    /// A moment in UTC.
    #[must_use]
    pub fn utc(instant: Timestamp) -> Self {
        Self { instant, offset_minutes: 0 }
    }

    /// Parses full ISO 8601 with any offset (none means UTC), or a date alone (its midnight, UTC).
    ///
    /// ```
    /// use mnemon::model::Moment;
    /// let late = Moment::parse("2026-05-01T23:30:00-05:00").unwrap();
    /// assert_eq!(late.instant.to_string(), "2026-05-02T04:30:00.000Z");
    /// assert_eq!(late.date().to_string(), "2026-05-01");
    /// assert!(Moment::parse("2026-02-30").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};
        // A bracketed zone would need a time-zone database, which an offline binary does not carry.
        let pieces = DateTimeParser::new().parse_pieces(text).ok().filter(|p| p.time_zone_annotation().is_none())?;
        let offset = match pieces.offset() {
            Some(PiecesOffset::Numeric(numeric)) => numeric.offset(),
            _ => Offset::UTC,
        };
        let local = civil::DateTime::from_parts(pieces.date(), pieces.time().unwrap_or_else(civil::Time::midnight));
        let instant = Timestamp(offset.to_timestamp(local).ok()?.as_millisecond());
        if !(Timestamp::MIN..=Timestamp::MAX).contains(&instant) {
            return None;
        }
        Some(Self { instant, offset_minutes: i16::try_from(offset.seconds() / 60).ok()? })
    }

    /// The writer's calendar date and clock.
    #[must_use]
    pub fn local(self) -> civil::DateTime {
        let offset = Offset::from_seconds(i32::from(self.offset_minutes) * 60).unwrap_or(Offset::UTC);
        TimeZone::fixed(offset).to_datetime(self.instant.to_jiff())
    }

    /// The writer's calendar date.
    #[must_use]
    pub fn date(self) -> civil::Date {
        self.local().date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_the_contract_says() {
        for (text, instant, offset) in [
            ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00.000Z", 0),
            ("2026-05-01T10:00:00", "2026-05-01T10:00:00.000Z", 0),
            ("2026-05-01", "2026-05-01T00:00:00.000Z", 0),
            ("2026-05-01T10:00:00.123456+05:30", "2026-05-01T04:30:00.123Z", 330),
            ("2024-02-29T23:59:59-08:00", "2024-03-01T07:59:59.000Z", -480),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!((moment.instant.to_string().as_str(), moment.offset_minutes), (instant, offset), "{text}");
        }
        for bad in ["", "yesterday", "2026-13-01", "2026-05-01T25:00:00Z", "10:00", "2026-05-01T10:00:00[Europe/Oslo]"]
        {
            assert!(Moment::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_ends_of_time_can_be_printed_and_read() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Moment::parse(&end.to_string()).unwrap().instant, end);
            assert!(Moment { instant: end, offset_minutes: 840 }.date().year() >= 1);
        }
    }
}

//! Times are text of one form, `2026-11-23T02:00:00.000Z`, as JavaScript's
//! `toISOString` writes it: then the order of text is the order of time.

use crate::StoreError;

/// Refuses a time of another form, which would compare wrongly.
pub fn check(time: &str) -> Result<(), StoreError> {
    let matches = time.len() == PATTERN.len()
        && time
            .bytes()
            .zip(PATTERN.bytes())
            .all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            });
    if matches {
        return Ok(());
    }
    Err(StoreError::invalid(
        "invalid_time",
        format!("a time must look like 2026-11-23T02:00:00.000Z, this is {time:?}"),
    ))
}

const PATTERN: &str = "0000-00-00T00:00:00.000Z";

/// The hour of a time, `2026-11-23T02`.
#[must_use]
pub fn hour(time: &str) -> &str {
    time.get(.."0000-00-00T00".len()).unwrap_or(time)
}

/// Of milliseconds since the epoch; from 1970 to the end of 9999, and the nearer end
/// for what is outside.
#[must_use]
pub fn from_millis(millis: i64) -> String {
    const LAST: i64 = 253_402_300_799_999;
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    let millis = millis.clamp(0, LAST);
    let (year, month, day) = date_of(millis / DAY);
    let rest = millis % DAY;
    let (hours, minutes) = (rest / 3_600_000, rest / 60_000 % 60);
    let (seconds, thousandths) = (rest / 1_000 % 60, rest % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}Z")
}

/// The same time of day, so many days before.
pub fn days_before(time: &str, days: i64) -> Result<String, StoreError> {
    check(time)?;
    let number = |range: std::ops::Range<usize>| {
        time.get(range)
            .and_then(|digits| digits.parse::<i64>().ok())
            .unwrap_or_default()
    };
    let day = day_number(number(0..4), number(5..7), number(8..10)) - days;
    let (year, month, day) = date_of(day);
    let rest = time.get(10..).unwrap_or_default();
    Ok(format!("{year:04}-{month:02}-{day:02}{rest}"))
}

/// Days since 1970-01-01 in the Gregorian calendar. Years start in March, so
/// that the leap day is the last of its year.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`day_number`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

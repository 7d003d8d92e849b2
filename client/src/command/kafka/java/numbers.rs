//! Numbers as Java's `toString` writes them.

/// Appends a whole number.
pub(crate) fn push_integer(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// `Double.toString`: the shortest digits that mean this number, two at least.
pub(crate) fn double(number: f64) -> String {
    if !number.is_finite() {
        return not_finite(number.is_nan(), number < 0.0);
    }
    let shortest = format!("{number:e}");
    let two = format!("{number:.1e}");
    let is_exact = two.parse::<f64>() == Ok(number);
    lay_out(if is_exact { &two } else { &shortest })
}

/// `Float.toString`, likewise.
pub(crate) fn float(number: f32) -> String {
    if !number.is_finite() {
        return not_finite(number.is_nan(), number < 0.0);
    }
    let shortest = format!("{number:e}");
    let two = format!("{number:.1e}");
    let is_exact = two.parse::<f32>() == Ok(number);
    lay_out(if is_exact { &two } else { &shortest })
}

fn not_finite(is_nan: bool, is_negative: bool) -> String {
    match (is_nan, is_negative) {
        (true, _) => "NaN",
        (false, true) => "-Infinity",
        (false, false) => "Infinity",
    }
    .to_owned()
}

/// From `-1.25e3` to what Java makes of it: plain from 10^-3 up to 10^7, otherwise with an `E`.
fn lay_out(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let or_zero = |text: &str| {
        if text.is_empty() {
            "0".to_owned()
        } else {
            text.to_owned()
        }
    };
    let zeros = |count: usize| "0".repeat(count);
    if !(-3..7).contains(&exponent) {
        return format!(
            "{sign}{}.{}E{exponent}",
            &digits[..1],
            or_zero(&digits[1..])
        );
    }
    match usize::try_from(exponent) {
        Err(_) => format!(
            "{sign}0.{}{digits}",
            zeros(exponent.unsigned_abs() as usize - 1)
        ),
        Ok(exponent) => {
            let whole_length = exponent + 1;
            let whole = format!(
                "{digits}{}",
                zeros(whole_length.saturating_sub(digits.len()))
            );
            let fraction = digits.get(whole_length..).unwrap_or_default();
            format!("{sign}{}.{}", &whole[..whole_length], or_zero(fraction))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_java_writes_them() {
        for (number, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (100.0, "100.0"),
            (1234567.0, "1234567.0"),
            (12345678.0, "1.2345678E7"),
            (1e7, "1.0E7"),
            (9999999.0, "9999999.0"),
            (0.001, "0.001"),
            (0.00123, "0.00123"),
            (0.0001, "1.0E-4"),
            (1.5e300, "1.5E300"),
            (f64::MIN_POSITIVE * f64::EPSILON, "4.9E-324"),
            (f64::MAX, "1.7976931348623157E308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(double(number), text);
        }
    }

    #[test]
    fn floats_have_their_own_shortest_digits() {
        assert_eq!(float(0.1), "0.1");
        assert_eq!(float(3.3), "3.3");
        assert_eq!(float(1.0e10), "1.0E10");
        assert_eq!(float(f32::MAX), "3.4028235E38");
        assert_eq!(float(f32::from_bits(1)), "1.4E-45");
    }

    #[test]
    fn whole_numbers_reach_to_both_ends() {
        let mut out = Vec::new();
        for number in [0, -1, 42, i64::MAX, i64::MIN] {
            push_integer(&mut out, number);
            out.push(b' ');
        }
        assert_eq!(out, b"0 -1 42 9223372036854775807 -9223372036854775808 ");
    }
}

//! `--validate-regex`: what RE2/J, which brokers use for the subscriptions of KIP-848, says of a pattern.

use ottla_core::sorted::Set;

/// The description of RE2/J's exception; none if the pattern is well-formed.
pub(super) fn error(pattern: &str) -> Option<&'static str> {
    let mut reader = Reader {
        rest: pattern,
        names: Set::new(),
        open_groups: 0,
        before: Before::Nothing,
    };
    while !reader.rest.is_empty() {
        if let Err(description) = reader.step() {
            return Some(description);
        }
    }
    (reader.open_groups > 0).then_some("missing closing )")
}

/// What a quantifier would stand behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Atom,
    Quantifier,
}

struct Reader<'a> {
    rest: &'a str,
    names: Set<&'a str>,
    open_groups: u32,
    before: Before,
}

type Read<T = ()> = Result<T, &'static str>;

impl Reader<'_> {
    fn step(&mut self) -> Read {
        match self.take().unwrap_or_default() {
            '(' => {
                let is_group = self.group_head()?;
                self.open_groups += u32::from(is_group);
                self.before = Before::Nothing;
            }
            ')' => {
                self.open_groups = self
                    .open_groups
                    .checked_sub(1)
                    .ok_or("regexp/syntax: internal error")?;
                self.before = Before::Atom;
            }
            '|' => self.before = Before::Nothing,
            '*' | '+' | '?' => self.quantifier()?,
            '{' => match self.repetition()? {
                true => self.quantifier()?,
                false => self.before = Before::Atom,
            },
            '[' => {
                self.class()?;
                self.before = Before::Atom;
            }
            '\\' => {
                self.escape()?;
                self.before = Before::Atom;
            }
            _ => self.before = Before::Atom,
        }
        Ok(())
    }

    fn take(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    fn take_if(&mut self, prefix: &str) -> bool {
        let behind = self.rest.strip_prefix(prefix);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    fn quantifier(&mut self) -> Read {
        match self.before {
            Before::Nothing => return Err("missing argument to repetition operator"),
            Before::Quantifier => return Err("invalid nested repetition operator"),
            Before::Atom => {}
        }
        self.take_if("?");
        self.before = Before::Quantifier;
        Ok(())
    }

    /// Behind `{`: whether it is a count; otherwise the brace means itself.
    fn repetition(&mut self) -> Read<bool> {
        let Some((inside, behind)) = self.rest.split_once('}') else {
            return Ok(false);
        };
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
        if least.is_empty() || !is_number(least) || !is_number(most) {
            return Ok(false);
        }
        let count = |text: &str| match text.parse::<u32>() {
            Ok(count) if count <= MOST_REPETITIONS => Ok(count),
            _ => Err("invalid repeat count"),
        };
        let least = count(least)?;
        if !most.is_empty() && count(most)? < least {
            return Err("invalid repeat count");
        }
        self.rest = behind;
        Ok(true)
    }

    /// Behind `(`: whether a group follows; flags for what comes are none.
    fn group_head(&mut self) -> Read<bool> {
        if !self.take_if("?") {
            return Ok(true);
        }
        if self.take_if("P<") || self.take_if("<") {
            let (name, behind) = self.rest.split_once('>').ok_or("invalid named capture")?;
            let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            if name.is_empty() || !name.chars().all(is_name) {
                return Err("invalid named capture");
            }
            self.rest = behind;
            return match self.names.insert(name) {
                true => Ok(true),
                false => Err("duplicate capture group name"),
            };
        }
        let end = self.rest.find([':', ')']).ok_or(PERL)?;
        let (flags, behind) = self.rest.split_at(end);
        if !flags.chars().all(|flag| "imsU-".contains(flag)) {
            return Err(PERL);
        }
        self.rest = &behind[1..];
        Ok(behind.starts_with(':'))
    }

    /// Behind a backslash outside of a class.
    fn escape(&mut self) -> Read {
        if self.take_if("Q") {
            let end = self.rest.find("\\E").map_or(self.rest.len(), |end| end + 2);
            self.rest = &self.rest[end..];
            return Ok(());
        }
        if self.rest.starts_with(['A', 'b', 'B', 'z']) {
            self.take();
            return Ok(());
        }
        self.class_escape().map(|_| ())
    }

    /// Behind a backslash: the character that is meant, if it is one and not a class of them.
    fn class_escape(&mut self) -> Read<Option<char>> {
        const INVALID: &str = "invalid escape sequence";
        let character = self
            .take()
            .ok_or("trailing backslash at end of expression")?;
        match character {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(None),
            'p' | 'P' => self.property(),
            'a' => Ok(Some('\x07')),
            'f' => Ok(Some('\x0c')),
            'n' => Ok(Some('\n')),
            'r' => Ok(Some('\r')),
            't' => Ok(Some('\t')),
            'v' => Ok(Some('\x0b')),
            'x' => {
                let digits = match self.take_if("{") {
                    true => {
                        let (digits, behind) = self.rest.split_once('}').ok_or(INVALID)?;
                        self.rest = behind;
                        digits
                    }
                    false => {
                        let digits = self.rest.get(..2).ok_or(INVALID)?;
                        self.rest = &self.rest[2..];
                        digits
                    }
                };
                let code = u32::from_str_radix(digits, 16).map_err(|_| INVALID)?;
                char::from_u32(code).map(Some).ok_or(INVALID)
            }
            '1'..='7' if !self.rest.starts_with(|next: char| next.is_digit(8)) => Err(INVALID),
            '0'..='7' => {
                let length = self
                    .rest
                    .bytes()
                    .take(2)
                    .take_while(|digit| (b'0'..=b'7').contains(digit))
                    .count();
                let digits = format!("{character}{}", &self.rest[..length]);
                self.rest = &self.rest[length..];
                Ok(u32::from_str_radix(&digits, 8)
                    .ok()
                    .and_then(char::from_u32))
            }
            other if other.is_ascii() && !other.is_ascii_alphanumeric() => Ok(Some(other)),
            _ => Err(INVALID),
        }
    }

    /// Behind `\p`: a property of Unicode.
    fn property(&mut self) -> Read<Option<char>> {
        let name = match self.take_if("{") {
            true => {
                let (name, behind) = self.rest.split_once('}').ok_or(RANGE)?;
                self.rest = behind;
                name
            }
            false => {
                let length = self.rest.chars().next().ok_or(RANGE)?.len_utf8();
                let (name, behind) = self.rest.split_at(length);
                self.rest = behind;
                name
            }
        };
        let name = name.strip_prefix('^').unwrap_or(name);
        match PROPERTIES.split(' ').any(|known| known == name) {
            true => Ok(None),
            false => Err(RANGE),
        }
    }

    /// Behind `[`.
    fn class(&mut self) -> Read {
        self.take_if("^");
        let mut is_first = true;
        while is_first || !self.take_if("]") {
            is_first = false;
            if self.rest.is_empty() {
                return Err("missing closing ]");
            }
            if self.rest.starts_with("[:")
                && let Some(end) = self.rest.find(":]")
            {
                let name = self.rest[2..end].trim_start_matches('^');
                if !POSIX.split(' ').any(|known| known == name) {
                    return Err(RANGE);
                }
                self.rest = &self.rest[end + 2..];
                continue;
            }
            let low = self.class_character()?;
            let is_range =
                self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1;
            let Some(low) = low.filter(|_| is_range) else {
                continue;
            };
            self.take();
            match self.class_character()? {
                None => return Err("invalid escape sequence"),
                Some(high) if high < low => return Err(RANGE),
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn class_character(&mut self) -> Read<Option<char>> {
        match self.take() {
            Some('\\') => self.class_escape(),
            other => Ok(other),
        }
    }
}

const MOST_REPETITIONS: u32 = 1000;
const RANGE: &str = "invalid character class range";
const PERL: &str = "invalid or unsupported Perl syntax";
const POSIX: &str =
    "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit";
/// General categories, and the scripts that are in use.
const PROPERTIES: &str = "Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs \
     Arabic Armenian Bengali Braille Common Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana \
     Inherited Kannada Katakana Khmer Lao Latin Malayalam Mongolian Myanmar Oriya Sinhala Syriac Tamil Telugu Thaana Thai Tibetan";

#[cfg(test)]
mod tests {
    use super::error;

    #[test]
    fn what_is_wrong_with_a_pattern_is_said_in_the_words_of_re2() {
        for (pattern, description) in [
            ("foo(", "missing closing )"),
            ("((a)", "missing closing )"),
            ("foo)", "regexp/syntax: internal error"),
            ("[a-z", "missing closing ]"),
            ("[z-a]", "invalid character class range"),
            ("[[:foo:]]", "invalid character class range"),
            ("\\p{Foo}", "invalid character class range"),
            ("*", "missing argument to repetition operator"),
            ("a|+b", "missing argument to repetition operator"),
            ("{2}", "missing argument to repetition operator"),
            ("(*a)", "missing argument to repetition operator"),
            ("a**", "invalid nested repetition operator"),
            ("a*+", "invalid nested repetition operator"),
            ("a{2}{3}", "invalid nested repetition operator"),
            ("a*??", "invalid nested repetition operator"),
            ("a{3,2}", "invalid repeat count"),
            ("a{1001}", "invalid repeat count"),
            ("a\\", "trailing backslash at end of expression"),
            ("a\\y", "invalid escape sequence"),
            ("\\1", "invalid escape sequence"),
            ("[a-\\d]", "invalid escape sequence"),
            ("\\x{110000}", "invalid escape sequence"),
            ("(?", "invalid or unsupported Perl syntax"),
            ("(?=x)", "invalid or unsupported Perl syntax"),
            ("(?z)x", "invalid or unsupported Perl syntax"),
            ("(?P<a", "invalid named capture"),
            ("(?P<a>b)(?P<a>c)", "duplicate capture group name"),
        ] {
            assert_eq!(error(pattern), Some(description), "{pattern}");
        }
    }

    #[test]
    fn what_is_right_is_left_alone() {
        for pattern in [
            "",
            ".*",
            "foo-(a|b)+?",
            "a{x}",
            "a{3",
            "a{",
            "a{,2}",
            "a{2,}",
            "[]a]",
            "[-a]",
            "[a-]",
            "[^a-z[:digit:]]",
            "^*",
            "(?i)x",
            "(?i:x)",
            "(?<1a>x)",
            "(?P<a>b)",
            "\\p{L}",
            "\\pN",
            "\\Qa(\\E.",
            "\\Qa(",
            "\\d+\\.",
            "\\07",
            "()*",
            "]",
            "}",
        ] {
            assert_eq!(error(pattern), None, "{pattern}");
        }
    }
}

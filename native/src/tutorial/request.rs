//! What a browser asks for.

use httparse::{EMPTY_HEADER, Status};

/// A request's head, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Below the site's root and without the query, such as `code/worker.js`.
    pub(super) path: String,
    /// The tags of what the browser has kept (`If-None-Match`).
    pub(super) kept: Option<String>,
    pub(super) takes_gzip: bool,
    /// Whether the connection goes on after the answer.
    pub(super) keeps_alive: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Head,
    Other,
}

/// What bytes from a browser come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// A head, and its size in bytes.
    Whole(Request, usize),
    /// More has to come.
    Partial,
    /// It has more headers than anybody needs.
    TooLarge,
    /// It is no HTTP.
    Malformed,
}

/// A head with more headers is refused.
const HEADERS_MAX: usize = 64;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Request::new(&mut headers);
    let size = match head.parse(bytes) {
        Ok(Status::Complete(size)) => size,
        Ok(Status::Partial) => return Parsed::Partial,
        Err(httparse::Error::TooManyHeaders) => return Parsed::TooLarge,
        Err(_) => return Parsed::Malformed,
    };
    let text = |name: &str| {
        let mut found = head.headers.iter();
        let header = found.find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    let method = match head.method {
        Some("GET") => Method::Get,
        Some("HEAD") => Method::Head,
        _ => Method::Other,
    };
    // A body is not read: what comes behind it could not be told from it.
    let has_body = text("transfer-encoding").is_some()
        || text("content-length").is_some_and(|length| length.trim() != "0");
    let connection = text("connection").unwrap_or_default();
    let is_closing = connection.eq_ignore_ascii_case("close");
    let request = Request {
        method,
        path: path(head.path.unwrap_or_default()),
        kept: text("if-none-match").map(str::to_owned),
        takes_gzip: takes_gzip(text("accept-encoding").unwrap_or_default()),
        keeps_alive: head.version == Some(1) && !has_body && !is_closing,
    };
    Parsed::Whole(request, size)
}

/// `/`, `/index.html?x` and `http://host/` are all the page.
fn path(target: &str) -> String {
    let target = target.split(['?', '#']).next().unwrap_or_default();
    let path = match target.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => target.strip_prefix('/').unwrap_or(target),
    };
    match path {
        "" => "index.html".to_owned(),
        path => path.to_owned(),
    }
}

/// `gzip, deflate;q=0.5`, but not `gzip;q=0`.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let refuses = ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains(&quality.trim());
        name.trim().eq_ignore_ascii_case("gzip") && !refuses
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(head: &str) -> Request {
        match parse(head.as_bytes()) {
            Parsed::Whole(request, size) => {
                assert_eq!(size, head.len());
                request
            }
            other => panic!("{head:?}: {other:?}"),
        }
    }

    #[test]
    fn a_browsers_request_is_understood() {
        let request = whole(
            "GET /code/worker.js?v=2 HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\nIf-None-Match: W/\"1\"\r\n\r\n",
        );
        assert_eq!(
            request,
            Request {
                method: Method::Get,
                path: "code/worker.js".to_owned(),
                kept: Some("W/\"1\"".to_owned()),
                takes_gzip: true,
                keeps_alive: true,
            }
        );
    }

    #[test]
    fn the_root_is_the_page() {
        for target in ["/", "/?x", "/index.html", "http://localhost:9080/"] {
            let request = whole(&format!("HEAD {target} HTTP/1.0\r\n\r\n"));
            assert_eq!(request.path, "index.html", "{target}");
            assert_eq!(request.method, Method::Head);
            assert!(!request.keeps_alive && !request.takes_gzip);
        }
    }

    #[test]
    fn a_body_and_the_wish_to_close_end_the_connection() {
        for header in [
            "Content-Length: 3",
            "Transfer-Encoding: chunked",
            "Connection: Close",
        ] {
            let request = whole(&format!("POST / HTTP/1.1\r\n{header}\r\n\r\n"));
            assert!(!request.keeps_alive, "{header}");
            assert_eq!(request.method, Method::Other);
        }
    }

    #[test]
    fn gzip_may_be_refused_by_its_quality() {
        assert!(takes_gzip("gzip;q=1.0, *"));
        assert!(!takes_gzip("gzip;q=0, br"));
        assert!(!takes_gzip("identity"));
    }

    #[test]
    fn what_is_no_http_is_told_apart_from_what_is_not_whole_yet() {
        assert_eq!(parse(b"GET / HT"), Parsed::Partial);
        assert_eq!(
            parse(b"\x00\x00\x00\x12\x00\x12\x00\x03"),
            Parsed::Malformed
        );
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65));
        assert_eq!(parse(many.as_bytes()), Parsed::TooLarge);
    }
}

//! What a browser gets.

use std::borrow::Cow;

use super::request::{Method, Request};
use super::site::File;

/// A head and a body.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) head: String,
    pub(super) body: Cow<'static, [u8]>,
}

/// Answers a request out of the site's files.
pub(super) fn answer(files: &'static [File], request: &Request) -> Response {
    if request.method == Method::Other {
        return refusal("405 Method Not Allowed", "Allow: GET, HEAD\r\n", request);
    }
    let Some(file) = files.iter().find(|file| file.path == request.path) else {
        return refusal("404 Not Found", "", request);
    };
    let caching = match file.is_named_by_content() {
        true => "max-age=31536000, immutable",
        false => "no-cache",
    };
    let tag = format!("W/\"{}\"", file.tag);
    let common = format!(
        "ETag: {tag}\r\nCache-Control: {caching}\r\nVary: Accept-Encoding\r\nX-Content-Type-Options: nosniff\r\n"
    );
    let has_it = |kept: &String| kept.contains(&tag) || kept.trim() == "*";
    if request.kept.as_ref().is_some_and(has_it) {
        return Response {
            head: format!("HTTP/1.1 304 Not Modified\r\n{common}{}\r\n", end(request)),
            body: Cow::Borrowed(&[]),
        };
    }
    let (coding, body) = match request.takes_gzip {
        true => ("Content-Encoding: gzip\r\n", Cow::Borrowed(file.gzipped)),
        false => match file.plain() {
            Ok(plain) => ("", Cow::Owned(plain)),
            Err(_) => return refusal("500 Internal Server Error", "", request),
        },
    };
    Response {
        head: format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n{coding}{common}{}\r\n",
            file.content_type(),
            body.len(),
            end(request)
        ),
        body: body_for(request, body),
    }
}

/// A short answer that says no.
pub(super) fn refusal(status: &str, header: &str, request: &Request) -> Response {
    let body = format!("{status}\n").into_bytes();
    Response {
        head: format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n{header}{}\r\n",
            body.len(),
            end(request)
        ),
        body: body_for(request, Cow::Owned(body)),
    }
}

fn body_for(request: &Request, body: Cow<'static, [u8]>) -> Cow<'static, [u8]> {
    match request.method {
        Method::Head => Cow::Borrowed(&[]),
        Method::Get | Method::Other => body,
    }
}

fn end(request: &Request) -> &'static str {
    match request.keeps_alive {
        true => "",
        false => "Connection: close\r\n",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn file(path: &'static str, content: &str) -> File {
        let mut gzipped = GzEncoder::new(Vec::new(), Compression::fast());
        gzipped.write_all(content.as_bytes()).unwrap();
        File {
            path,
            tag: "0123456789abcdef",
            plain_bytes: content.len(),
            gzipped: gzipped.finish().unwrap().leak(),
        }
    }

    fn asked(path: &str) -> Request {
        Request {
            method: Method::Get,
            path: path.to_owned(),
            kept: None,
            takes_gzip: false,
            keeps_alive: true,
        }
    }

    fn site() -> &'static [File] {
        let files = vec![
            file("index.html", "<h1>page</h1>"),
            file("ottla-0123456789ab.wasm", "wasm"),
        ];
        files.leak()
    }

    #[test]
    fn a_file_comes_as_the_browser_takes_it() {
        let site = site();
        let plain = answer(site, &asked("index.html"));
        assert_eq!(&*plain.body, b"<h1>page</h1>");
        assert_eq!(
            plain.head,
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 13\r\n\
             ETag: W/\"0123456789abcdef\"\r\nCache-Control: no-cache\r\nVary: Accept-Encoding\r\n\
             X-Content-Type-Options: nosniff\r\n\r\n"
        );
        let mut request = asked("index.html");
        request.takes_gzip = true;
        let gzipped = answer(site, &request);
        assert_eq!(&*gzipped.body, site[0].gzipped);
        assert!(gzipped.head.contains("Content-Encoding: gzip\r\n"));
    }

    #[test]
    fn what_is_named_by_its_content_need_never_be_asked_for_again() {
        let head = answer(site(), &asked("ottla-0123456789ab.wasm")).head;
        assert!(head.contains("immutable"), "{head}");
        assert!(head.contains("Content-Type: application/wasm"), "{head}");
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let mut request = asked("index.html");
        request.kept = Some("W/\"0\", W/\"0123456789abcdef\"".to_owned());
        let response = answer(site(), &request);
        assert!(response.head.starts_with("HTTP/1.1 304 "), "{response:?}");
        assert!(response.body.is_empty());
    }

    #[test]
    fn a_head_is_that_of_the_file_without_the_file() {
        let mut request = asked("index.html");
        let whole = answer(site(), &request);
        request.method = Method::Head;
        let head = answer(site(), &request);
        assert_eq!(head.head, whole.head);
        assert!(head.body.is_empty());
    }

    #[test]
    fn other_paths_and_other_methods_are_refused() {
        for path in ["../Cargo.toml", "/index.html", "nothing", "%2e%2e/x"] {
            let head = answer(site(), &asked(path)).head;
            assert!(head.starts_with("HTTP/1.1 404 "), "{path}: {head}");
        }
        let mut request = asked("index.html");
        request.method = Method::Other;
        let head = answer(site(), &request).head;
        assert!(head.starts_with("HTTP/1.1 405 "), "{head}");
        assert!(head.contains("Allow: GET, HEAD\r\n"), "{head}");
    }
}

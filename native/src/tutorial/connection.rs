//! One browser: requests in, files out, in order.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use super::request::{Method, Parsed, Request, parse};
use super::response::{Response, answer, refusal};
use super::site::files;

/// A longer head is refused.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// A browser that neither asks nor takes for so long is let go.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves a browser until it is gone.
pub(super) async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut read = Vec::with_capacity(1024);
    loop {
        match parse(&read) {
            Parsed::Whole(request, size) => {
                read.drain(..size);
                send(&mut stream, answer(files(), &request)).await?;
                if !request.keeps_alive {
                    return stream.shutdown().await;
                }
            }
            Parsed::Partial if read.len() < HEAD_BYTES_MAX => {
                let more = timeout(PATIENCE, stream.read_buf(&mut read)).await;
                if more?? == 0 {
                    return Ok(());
                }
            }
            Parsed::Partial | Parsed::TooLarge => {
                let status = "431 Request Header Fields Too Large";
                return refuse(&mut stream, status).await;
            }
            Parsed::Malformed => return refuse(&mut stream, "400 Bad Request").await,
        }
    }
}

/// The last answer of a connection.
async fn refuse(stream: &mut (impl AsyncWrite + Unpin), status: &str) -> io::Result<()> {
    let nothing_known = Request {
        method: Method::Other,
        path: String::new(),
        kept: None,
        takes_gzip: false,
        keeps_alive: false,
    };
    send(stream, refusal(status, "", &nothing_known)).await?;
    stream.shutdown().await
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), response: Response) -> io::Result<()> {
    let whole = async {
        stream.write_all(response.head.as_bytes()).await?;
        stream.write_all(&response.body).await
    };
    timeout(PATIENCE, whole).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes back when all of this is sent.
    async fn says(sent: &[u8]) -> String {
        let (mut browser, served) = tokio::io::duplex(64 * 1024);
        browser.write_all(sent).await.unwrap();
        browser.shutdown().await.unwrap();
        serve(served).await.unwrap();
        let mut said = String::new();
        browser.read_to_string(&mut said).await.unwrap();
        said
    }

    #[tokio::test]
    async fn requests_are_answered_one_after_the_other() {
        let said = says(b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\nGET /c HTTP/1.1\r\n\r\n").await;
        assert_eq!(said.matches("HTTP/1.1 404 Not Found").count(), 2, "{said}");
        assert_eq!(said.matches("Connection: close").count(), 1, "{said}");
    }

    #[tokio::test]
    async fn what_is_no_request_gets_one_answer_and_no_more() {
        let said = says(b"\x16\x03\x01\x02\x00").await;
        assert!(said.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{said}");
        let endless = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(HEAD_BYTES_MAX));
        let said = says(endless.as_bytes()).await;
        assert!(said.starts_with("HTTP/1.1 431 "), "{said}");
    }
}

//! A client of one connection: asks over HTTP, waits for the whole answer, and does nothing else that costs time.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::engine::ProfileAddress;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A connection that is kept, and what every request on it begins with.
pub(super) struct Client {
    stream: TcpStream,
    head: String,
    received: Vec<u8>,
}

impl Client {
    pub(super) fn connect(server: SocketAddr, token: &str, at: &ProfileAddress) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let ProfileAddress { account, namespace, profile } = at;
        let path =
            format!("/client/v4/accounts/{account}/agent-memory/namespaces/{namespace}/profiles/{profile}/recall");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {server}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: "
        );
        Ok(Self { stream, head, received: Vec::with_capacity(1 << 16) })
    }

    /// Asks, and reads the answer to its end. Gives the status.
    pub(super) fn recall(&mut self, question: &str) -> io::Result<u16> {
        let body = serde_json::json!({ "query": question }).to_string();
        self.stream.write_all(format!("{}{}\r\n\r\n{body}", self.head, body.len()).as_bytes())?;
        self.received.clear();
        let mut chunk = [0; 1 << 14];
        loop {
            if let Some((status, whole)) = head_of(&self.received)
                && self.received.len() >= whole
            {
                return Ok(status);
            }
            match self.stream.read(&mut chunk)? {
                0 => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up")),
                n => self.received.extend_from_slice(chunk.get(..n).unwrap_or_default()),
            }
        }
    }
}

/// The status, and how many bytes the answer has with its head, once the head is there.
fn head_of(received: &[u8]) -> Option<(u16, usize)> {
    const END: &[u8] = b"\r\n\r\n";
    let end = received.windows(END.len()).position(|window| window == END)?;
    let head = std::str::from_utf8(received.get(..end)?).ok()?.to_ascii_lowercase();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length: usize = lines.find_map(|line| line.strip_prefix("content-length:"))?.trim().parse().ok()?;
    Some((status, end + END.len() + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(head_of(answer), Some((200, answer.len())));
        assert_eq!(head_of(&answer[..40]), None);
        assert_eq!(head_of(b"HTTP/1.1 429 Too Many\r\ncontent-length: 10\r\n\r\n"), Some((429, 55)));
    }
}

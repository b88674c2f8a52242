//! Server-sent events, read line by line (HTML Living Standard §9.2.6).

use std::io::{self, BufRead, BufReader, Read};

use serde_json::Value;

/// Longest event that is read: a generated file is in one.
const MAX_EVENT: u64 = 32 << 20;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// The event's type; empty where the stream gives none.
    pub(super) name: String,
    pub(super) data: Value,
}

/// The events of a body.
pub(super) struct Events<R> {
    reader: BufReader<R>,
}

impl<R: Read> Events<R> {
    pub(super) const fn new(reader: BufReader<R>) -> Self {
        Self { reader }
    }

    /// One line without its end; `None` where the body ends.
    fn line(&mut self, room: u64) -> io::Result<Option<String>> {
        let mut line = String::new();
        let mut bounded = Read::take(&mut self.reader, room);
        let read = bounded.read_line(&mut line)? as u64;
        if read == room && !line.ends_with('\n') {
            return Err(io::Error::other("an event is too long"));
        }
        let ended = line.trim_end_matches(['\r', '\n']).len();
        line.truncate(ended);
        Ok((read > 0).then_some(line))
    }
}

impl<R: Read> Iterator for Events<R> {
    type Item = io::Result<Event>;

    /// An event that the end of the body cuts off is none; data that is not JSON is
    /// an error.
    fn next(&mut self) -> Option<Self::Item> {
        let (mut name, mut data) = (String::new(), String::new());
        let mut room = MAX_EVENT;
        loop {
            let line = match self.line(room) {
                Ok(Some(line)) => line,
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            };
            room = room.saturating_sub(line.len() as u64 + 1);
            if line.is_empty() {
                if data.is_empty() {
                    name.clear();
                    continue;
                }
                let parsed = serde_json::from_str(&data);
                return Some(
                    parsed
                        .map_err(io::Error::other)
                        .map(|data| Event { name, data }),
                );
            }
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut name),
                "data" if data.is_empty() => value.clone_into(&mut data),
                "data" => {
                    data.push('\n');
                    data.push_str(value);
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Gives a byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn events_are_read_whatever_the_chunks_are() {
        let text = ": hello\r\n\r\nid: a:1\nevent: deploy:progress\ndata: {\"percent\":\ndata:7}\n\n\
                    retry: 5\n\ndata: [1]\r\n\r\nevent: deploy:live\ndata: {\"cut";
        let read: Vec<Event> = Events::new(BufReader::new(Slow(text.as_bytes())))
            .collect::<io::Result<_>>()
            .unwrap();
        let event = |name: &str, data| Event {
            name: name.into(),
            data,
        };
        let expected = [
            event("deploy:progress", json!({"percent": 7})),
            event("", json!([1])),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn data_that_is_no_json_is_an_error() {
        let mut events = Events::new(BufReader::new(&b"data: x\n\n"[..]));
        assert!(events.next().unwrap().is_err());
    }
}

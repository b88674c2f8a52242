//! Saved responses.

use super::{
    Reader, body::content_type, body::small_text, folders::Found, request::headers, url::Entry,
};
use crate::{
    node::Node,
    outline::{Answer, Content, Sketch},
    relaxed,
};

/// More examples of one request teach nothing.
const MAX_RESPONSES: usize = 100;

impl<'n, 'd> Reader<'n, 'd> {
    pub(super) fn answers(&mut self, sketch: &mut Sketch, found: &Found<'n, 'd>) {
        let listed = found.item.get("response").and_then(Node::as_array);
        let listed = listed.unwrap_or_default().iter().enumerate();
        for (index, saved) in listed.take(MAX_RESPONSES) {
            if saved.as_object().is_none() {
                continue;
            }
            let status = saved.text("code").and_then(|code| code.parse::<u16>().ok());
            let status = match status {
                Some(code @ 100..=599) => code.to_string(),
                // A request that was saved before it was sent.
                _ if saved.text("body").is_none() => continue,
                _ => "default".to_owned(),
            };
            let answer = sketch.answers.entry(status).or_default();
            if answer.at.is_empty() {
                answer.at = format!("{}/response/{index}", found.pointer);
                let description = saved.text("name").or_else(|| saved.text("status"));
                answer.description = description.map(str::to_owned);
            }
            self.answer(answer, saved);
        }
    }

    fn answer(&mut self, answer: &mut Answer, saved: &Node<'_>) {
        let headers = headers(saved, "header");
        for header in headers.iter().filter(|header| is_telling(header)).take(100) {
            if !answer.headers.iter().any(|(name, _)| *name == header.name) {
                let about = header.description.clone();
                answer.headers.push((header.name.clone(), about));
            }
        }
        let Some(text) = saved.get("body").and_then(Node::as_str) else {
            return;
        };
        if text.trim().is_empty() {
            return;
        }
        let language = saved.text("_postman_previewlanguage");
        let read = relaxed::parse_container(text);
        let media_type = content_type(&headers).unwrap_or_else(|| {
            let named = match language {
                _ if read.is_some() => "application/json",
                Some("xml") => "application/xml",
                Some("html") => "text/html",
                _ => "text/plain",
            };
            named.to_owned()
        });
        let is_json = media_type.ends_with("json");
        let content = answer.content(&media_type);
        match (
            is_json,
            read.or_else(|| is_json.then(|| relaxed::parse(text))?),
        ) {
            (true, Some(example)) => content.learn(example, &mut self.learnt),
            (true, None) => {}
            (false, _) => {
                if content.plain.is_none() {
                    *content = Content::of_string(None);
                    content.example = small_text(text);
                }
            }
        }
    }
}

/// Headers that say something about the API, not about the connection.
fn is_telling(header: &Entry) -> bool {
    let name = header.name.to_ascii_lowercase();
    let parts = [
        "ratelimit",
        "rate-limit",
        "retry-after",
        "link",
        "total",
        "page",
        "cursor",
    ];
    !header.disabled && parts.iter().any(|part| name.contains(part))
}

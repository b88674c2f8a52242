//! A job's events: to the client as server-sent events, and to the job's log.

use std::cell::{Cell, RefCell};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::{StreamExt, TryStreamExt, stream};
use mcpengine_api::Event;
use mcpengine_store::jobs::{self, Lease};
use mcpengine_store::{ObjectStore, Principal};
use worker::Response;

use crate::app::App;
use crate::error::ApiError;
use crate::http::set_header;
use crate::json::{to_json_pieces, to_json_text};

/// A request may have six connections open at once (Workers' limit).
const WRITES_AT_ONCE: usize = 5;

pub(crate) type Frame = Result<Vec<u8>, worker::Error>;

/// The sending end. A client that has gone away does not stop the job.
#[derive(Debug)]
pub(crate) struct Events {
    job: String,
    sender: RefCell<Option<UnboundedSender<Frame>>>,
    /// Of the last event sent; the first is 1.
    seq: Cell<i64>,
    unsaved: RefCell<Vec<(i64, String)>>,
}

impl Events {
    pub(crate) fn new(job: &str) -> Self {
        Self::after(job, 0)
    }

    /// The events that follow those of an earlier attempt, whose last is `seq`.
    pub(crate) fn after(job: &str, seq: i64) -> Self {
        Self {
            job: job.to_owned(),
            sender: RefCell::new(None),
            seq: Cell::new(seq),
            unsaved: RefCell::default(),
        }
    }

    /// The stream of what is sent from now on.
    pub(crate) fn subscribe(&self) -> UnboundedReceiver<Frame> {
        let (sender, receiver) = unbounded();
        self.sender.replace(Some(sender));
        receiver
    }

    /// Sends the event and puts it down for the next [`Events::save`].
    pub(crate) fn emit(&self, event: &Event) -> Result<(), ApiError> {
        let json = to_json_text(event)?;
        let seq = self.next();
        self.push(frame(&self.job, seq, event.name(), &json));
        self.unsaved.borrow_mut().push((seq, json));
        Ok(())
    }

    /// Sends an event that [`Events::place_next`] has kept already. Its JSON is not
    /// copied into one frame: it can be a whole project.
    pub(crate) fn send(&self, event: Event) -> Result<(), ApiError> {
        let json = to_json_pieces(&event)?;
        let name = event.name();
        drop(event);
        self.push(frame_head(&self.job, self.next(), name).into_bytes());
        json.into_iter().for_each(|piece| self.push(piece));
        self.push(FRAME_END.into());
        Ok(())
    }

    fn next(&self) -> i64 {
        let seq = self.seq.get() + 1;
        self.seq.set(seq);
        seq
    }

    fn push(&self, bytes: Vec<u8>) {
        if let Some(sender) = self.sender.borrow().as_ref() {
            let _ = sender.unbounded_send(Ok(bytes));
        }
    }

    pub(crate) async fn save(
        &self,
        app: &App,
        principal: &Principal,
        lease: &Lease,
    ) -> Result<(), ApiError> {
        // Still there where they cannot be kept now: the next attempt keeps them.
        let unsaved = self.unsaved.borrow().clone();
        let kept = unsaved.len();
        // Large events are written side by side: one after the other they would
        // cost a generated project of many files most of its time.
        let places = unsaved
            .into_iter()
            .map(|(seq, json)| self.place(app, seq, json));
        let events = stream::iter(places)
            .buffered(WRITES_AT_ONCE)
            .try_collect::<Vec<_>>()
            .await?;
        jobs::append_events(&app.db, principal, lease, &events).await?;
        self.unsaved.borrow_mut().drain(..kept);
        Ok(())
    }

    /// The next event as the log keeps it, its object written where it is large.
    pub(crate) async fn place_next(
        &self,
        app: &App,
        event: &Event,
    ) -> Result<jobs::Event, ApiError> {
        self.place(app, self.seq.get() + 1, to_json_text(event)?)
            .await
    }

    async fn place(&self, app: &App, seq: i64, json: String) -> Result<jobs::Event, ApiError> {
        let (event, object) = jobs::place(&self.job, seq, json);
        if let Some((key, json)) = object {
            app.objects
                .put(&key, json.into_bytes(), "application/json")
                .await?;
        }
        Ok(event)
    }

    pub(crate) fn close(&self) {
        if let Some(sender) = self.sender.take() {
            sender.close_channel();
        }
    }
}

/// One server-sent event (WHATWG HTML §9.2). JSON has no line breaks in it.
pub(crate) fn frame(job: &str, seq: i64, name: &str, json: &str) -> Vec<u8> {
    [&frame_head(job, seq, name), json, FRAME_END]
        .concat()
        .into_bytes()
}

/// The number in an event's id; `None` where it is not one of this job.
pub(crate) fn seq_of(job: &str, id: &str) -> Option<i64> {
    let seq = id.strip_prefix(job)?.strip_prefix(':')?;
    seq.parse().ok().filter(|seq| *seq >= 0)
}

/// What comes before an event's JSON.
fn frame_head(job: &str, seq: i64, name: &str) -> String {
    format!("id: {job}:{seq}\nevent: {name}\ndata: ")
}

const FRAME_END: &str = "\n\n";

/// A response that streams `frames` as they come.
pub(crate) fn response(
    frames: impl futures_util::Stream<Item = Frame> + 'static,
) -> Result<Response, ApiError> {
    let mut response = Response::from_stream(frames.boxed_local())?;
    set_header(
        &mut response,
        "content-type",
        "text/event-stream; charset=utf-8",
    )?;
    set_header(&mut response, "cache-control", "no-store")?;
    // Proxies that collect a response would hold the events back.
    set_header(&mut response, "x-accel-buffering", "no")?;
    Ok(response)
}

//! The object that counts what one account or team does. One for each, so that all
//! requests of the same holder stand in one line, whichever isolate they come from.

use mcpengine_tiers::window::{Rate, Standing, standing};
use mcpengine_tiers::{Action, LONGEST_WINDOW_SECONDS};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use worker::durable::State;
use worker::worker_sys::DurableObjectState;
use worker::{SqlStorage, SqlStorageValue};

use crate::clock;

/// What an object is asked, as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Question {
    /// One use, where the rate has room for it. The same id is the same use: to ask
    /// again is safe.
    Take { id: String, rate: Counted },
    /// The use of this id never was.
    GiveBack { id: String, action: String },
    /// What is used, without using any.
    Look { rates: Vec<Counted> },
}

/// A rate of an action.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counted {
    pub(crate) action: String,
    pub(crate) limit: u32,
    pub(crate) window_millis: u64,
}

impl Counted {
    pub(crate) fn new(action: Action, limit: u32) -> Self {
        Self {
            action: action.name().to_owned(),
            limit,
            window_millis: u64::from(action.window_seconds()) * 1_000,
        }
    }
}

/// How it answers, as JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// Whether the use counts now; of `take` alone.
    pub(crate) taken: bool,
    /// One for each rate asked about, in their order.
    pub(crate) standings: Vec<Told>,
    /// The object's time.
    pub(crate) now: u64,
}

/// A [`Standing`] on its way.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Told {
    limit: u32,
    used: u32,
    reset_at: Option<u64>,
}

impl From<Standing> for Told {
    fn from(it: Standing) -> Self {
        Self {
            limit: it.limit,
            used: it.used,
            reset_at: it.reset_at,
        }
    }
}

impl From<Told> for Standing {
    fn from(it: Told) -> Self {
        Self {
            limit: it.limit,
            used: it.used,
            reset_at: it.reset_at,
        }
    }
}

/// Called by the method `ask` of the class `Limiter` in src/entry.mjs.
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
#[wasm_bindgen]
pub async fn limiter(question: String, state: DurableObjectState) -> Result<String, JsValue> {
    answer(&question, &State::from(state))
        .await
        .map_err(JsValue::from)
}

/// The alarm of `Limiter`: all windows are over, and nothing of the object is left.
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
#[wasm_bindgen(js_name = limiterAlarm)]
pub async fn limiter_alarm(state: DurableObjectState) -> Result<(), JsValue> {
    let state = State::from(state);
    Ok(state.storage().delete_all().await?)
}

/// Everything is read and written before the first wait: an object does one thing
/// at a time until then, so nobody comes between.
async fn answer(question: &str, state: &State) -> worker::Result<String> {
    let question: Question = serde_json::from_str(question)?;
    let now = clock::now_millis();
    let uses = Uses::open(state)?;
    let mut taken = false;
    let standings = match &question {
        Question::Take { id, rate } => {
            taken = uses.take(id, rate, now)?;
            vec![uses.standing(rate, now)?]
        }
        Question::GiveBack { id, action } => {
            uses.remove(action, id)?;
            Vec::new()
        }
        Question::Look { rates } => rates
            .iter()
            .map(|rate| uses.standing(rate, now))
            .collect::<worker::Result<_>>()?,
    };
    if taken {
        // No use that counts now does so at the alarm: each puts it off.
        let end = now + u64::from(LONGEST_WINDOW_SECONDS) * 1_000 + 1_000;
        state.storage().set_alarm(date(end)).await?;
    }
    Ok(serde_json::to_string(&Answer {
        taken,
        standings: standings.into_iter().map(Told::from).collect(),
        now,
    })?)
}

fn date(millis: u64) -> worker::ScheduledTime {
    worker::ScheduledTime::new(js_sys::Date::new(&number(millis).into()))
}

#[expect(clippy::cast_precision_loss, reason = "exact until the year 287396")]
fn number(millis: u64) -> f64 {
    millis as f64
}

/// The object's one table: what was used, and when.
struct Uses(SqlStorage);

impl Uses {
    fn open(state: &State) -> worker::Result<Self> {
        let sql = state.storage().sql();
        sql.exec(
            "CREATE TABLE IF NOT EXISTS uses (action TEXT NOT NULL, id TEXT NOT NULL, \
             at INTEGER NOT NULL, PRIMARY KEY (action, id)) WITHOUT ROWID",
            None,
        )?;
        Ok(Self(sql))
    }

    /// Takes one where there is room; true as well where it was taken before.
    fn take(&self, id: &str, rate: &Counted, now: u64) -> worker::Result<bool> {
        self.forget(rate, now)?;
        if self.is_taken(&rate.action, id)? {
            return Ok(true);
        }
        if self.standing(rate, now)?.remaining() == 0 {
            return Ok(false);
        }
        self.0.exec(
            "INSERT INTO uses (action, id, at) VALUES (?, ?, ?)",
            vec![
                rate.action.as_str().into(),
                id.into(),
                SqlStorageValue::Float(number(now)),
            ],
        )?;
        Ok(true)
    }

    fn is_taken(&self, action: &str, id: &str) -> worker::Result<bool> {
        let found = self.0.exec(
            "SELECT at FROM uses WHERE action = ? AND id = ?",
            vec![action.into(), id.into()],
        )?;
        Ok(!found.to_array::<At>()?.is_empty())
    }

    fn remove(&self, action: &str, id: &str) -> worker::Result<()> {
        self.0.exec(
            "DELETE FROM uses WHERE action = ? AND id = ?",
            vec![action.into(), id.into()],
        )?;
        Ok(())
    }

    /// What does not count any more.
    fn forget(&self, rate: &Counted, now: u64) -> worker::Result<()> {
        let last = now.saturating_sub(rate.window_millis);
        self.0.exec(
            "DELETE FROM uses WHERE action = ? AND at <= ?",
            vec![
                rate.action.as_str().into(),
                SqlStorageValue::Float(number(last)),
            ],
        )?;
        Ok(())
    }

    /// A limit is a few hundred at most, so that all of its uses can be read.
    fn standing(&self, rate: &Counted, now: u64) -> worker::Result<Standing> {
        let rows = self.0.exec(
            "SELECT at FROM uses WHERE action = ? ORDER BY at",
            vec![rate.action.as_str().into()],
        )?;
        let times: Vec<u64> = rows
            .to_array::<At>()?
            .into_iter()
            .map(|row| row.at)
            .collect();
        let rate = Rate {
            limit: rate.limit,
            window_millis: rate.window_millis,
        };
        Ok(standing(&times, rate, now))
    }
}

#[derive(Deserialize)]
struct At {
    at: u64,
}

//! The store's object port over R2.

use futures_util::stream;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use mcpengine_store::{ObjectStore, StoreError};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::{Bucket, FixedLengthStream, HttpMetadata, Response};

use crate::error::ApiError;
use crate::json::to_json_pieces;

/// R2 deletes at most this many keys in one call.
const DELETE_CHUNK: usize = 1_000;

#[derive(Debug)]
pub(crate) struct R2(pub(crate) Bucket);

impl R2 {
    /// Writes a value as an object of JSON; returns its length in bytes.
    ///
    /// # Errors
    /// `Unavailable`; then nothing is written.
    pub(crate) async fn put_json<T: Serialize>(
        &self,
        key: &str,
        value: &T,
    ) -> Result<u64, ApiError> {
        let pieces = to_json_pieces(value)?;
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        self.put_pieces(key, pieces, "application/json").await?;
        Ok(length)
    }

    /// Writes one object from its pieces, each of which is freed as it is taken:
    /// all of it is never in memory twice.
    ///
    /// # Errors
    /// `Unavailable`; then nothing is written.
    pub(crate) async fn put_pieces(
        &self,
        key: &str,
        pieces: Vec<Vec<u8>>,
        content_type: &str,
    ) -> Result<(), StoreError> {
        let length = pieces.iter().map(|piece| piece.len() as u64).sum();
        let pieces = stream::iter(pieces.into_iter().map(Ok));
        let body = FixedLengthStream::wrap(pieces, length);
        self.0
            .put(key, body)
            .http_metadata(metadata(content_type))
            .execute()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Writes bytes that stay the caller's: they are copied to JavaScript's side, so
    /// that WebAssembly never holds them twice.
    ///
    /// # Errors
    /// `Unavailable`; then nothing is written.
    pub(crate) async fn put_slice(&self, key: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let bucket: &JsValue = self.0.as_ref();
        let written = async {
            let put: Function = Reflect::get(bucket, &"put".into())?.dyn_into()?;
            let bytes = Uint8Array::from(bytes);
            let promise: Promise = put.call2(bucket, &key.into(), &bytes)?.dyn_into()?;
            JsFuture::from(promise).await
        };
        let written: Result<JsValue, JsValue> = written.await;
        written.map(drop).map_err(|error| unavailable(error.into()))
    }

    /// An object as the body of an answer, which streams it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn open(&self, key: &str) -> Result<Option<Response>, StoreError> {
        let Some(object) = self.0.get(key).execute().await.map_err(unavailable)? else {
            return Ok(None);
        };
        let Some(body) = object.body() else {
            return Ok(None);
        };
        let response = body.response_body().and_then(Response::from_body);
        response.map(Some).map_err(unavailable)
    }

    /// An object's JSON as JavaScript's value, which takes no WebAssembly memory.
    ///
    /// # Errors
    /// `Unavailable`, also where the object is no JSON.
    pub(crate) async fn get_json(&self, key: &str) -> Result<Option<JsValue>, StoreError> {
        let Some(response) = self.open(key).await? else {
            return Ok(None);
        };
        let response: web_sys::Response = response.into();
        let value = async { JsFuture::from(response.json()?).await }.await;
        value.map(Some).map_err(|error| unavailable(error.into()))
    }
}

fn metadata(content_type: &str) -> HttpMetadata {
    HttpMetadata {
        content_type: Some(content_type.to_owned()),
        ..HttpMetadata::default()
    }
}

impl ObjectStore for R2 {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(object) = self.0.get(key).execute().await.map_err(unavailable)? else {
            return Ok(None);
        };
        match object.body() {
            Some(body) => body.bytes().await.map(Some).map_err(unavailable),
            None => Ok(None),
        }
    }

    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), StoreError> {
        self.0
            .put(key, bytes)
            .http_metadata(metadata(content_type))
            .execute()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    async fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        for chunk in keys.chunks(DELETE_CHUNK) {
            self.0
                .delete_multiple(chunk.to_vec())
                .await
                .map_err(unavailable)?;
        }
        Ok(())
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let mut keys = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut list = self.0.list().prefix(prefix);
            if let Some(cursor) = cursor.take() {
                list = list.cursor(cursor);
            }
            let page = list.execute().await.map_err(unavailable)?;
            keys.extend(page.objects().iter().map(worker::Object::key));
            cursor = page.cursor();
            if !page.truncated() || cursor.is_none() {
                return Ok(keys);
            }
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err asks for"
)]
fn unavailable(error: worker::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

//! An object store in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::{ObjectStore, StoreError};

#[derive(Debug, Default)]
pub struct MemoryObjects {
    objects: RefCell<BTreeMap<String, (Vec<u8>, String)>>,
}

impl MemoryObjects {
    /// Keys and content types of all objects, sorted.
    #[must_use]
    pub fn inventory(&self) -> Vec<(String, String)> {
        self.objects
            .borrow()
            .iter()
            .map(|(key, (_, content_type))| (key.clone(), content_type.clone()))
            .collect()
    }
}

impl ObjectStore for MemoryObjects {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .objects
            .borrow()
            .get(key)
            .map(|(bytes, _)| bytes.clone()))
    }

    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), StoreError> {
        self.objects
            .borrow_mut()
            .insert(key.to_owned(), (bytes, content_type.to_owned()));
        Ok(())
    }

    async fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        self.objects
            .borrow_mut()
            .retain(|key, _| !keys.contains(key));
        Ok(())
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        Ok(self
            .objects
            .borrow()
            .keys()
            .filter(|key| key.starts_with(prefix))
            .cloned()
            .collect())
    }
}

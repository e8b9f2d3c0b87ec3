//! A store whose calls are measured, in one place for whoever calls it.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{Metrics, StoreCall, StoreFault};
use crate::{
    id::LogId,
    store::{
        Also, AppendError, Appended, Change, EventQuery, Hit, Loaded, Page, RowQuery, SearchQuery, Store,
        StoreError, StoredEvent, StoredRow,
    },
};

/// A store around the host's.
#[derive(Debug)]
pub(crate) struct Measured {
    inner: Arc<dyn Store>,
    metrics: Arc<Metrics>,
}

impl Measured {
    pub fn new(inner: Arc<dyn Store>, metrics: Arc<Metrics>) -> Self {
        Self { inner, metrics }
    }

    async fn measure<T>(
        &self,
        call: StoreCall,
        asked: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let begun = Instant::now();
        let answer = asked.await;
        self.took(call, begun);
        answer.inspect_err(|error| self.failed(error))
    }

    fn took(&self, call: StoreCall, begun: Instant) {
        if let Some(calls) = self.metrics.store_calls.of(call) {
            calls.record_time(begun.elapsed());
        }
    }

    fn failed(&self, error: &StoreError) {
        self.metrics.store_errors.count(StoreFault::from(error));
    }
}

#[async_trait]
impl Store for Measured {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        self.measure(StoreCall::Load, self.inner.load(log, also)).await
    }

    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        let begun = Instant::now();
        let answer = self.inner.append(change).await;
        self.took(StoreCall::Append, begun);
        if let Err(AppendError::Store(error)) = &answer {
            self.failed(error);
        }
        answer
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        self.measure(StoreCall::Events, self.inner.events(query)).await
    }

    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        self.measure(StoreCall::Rows, self.inner.rows(query)).await
    }

    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.measure(StoreCall::Search, self.inner.search(query)).await
    }
}

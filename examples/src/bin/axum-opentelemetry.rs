//! Traces by OpenTelemetry: Minicom's spans are `tracing`'s, and whatever listens to those may send them on. Here they go to a
//! collector by OTLP over HTTP, at `http://127.0.0.1:4318` or where `OTEL_EXPORTER_OTLP_ENDPOINT` says.
//!
//! ```sh
//! cargo run -p minicom-examples --features opentelemetry --bin axum-opentelemetry
//! ```

use minicom_core::{MemoryStore, Minicom, PathIdentity};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tokio::net::TcpListener;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let exporter = SpanExporter::builder().with_http().build()?;
    let traces = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name("shop").build())
        .with_batch_exporter(exporter)
        .build();
    let spans = tracing_opentelemetry::layer().with_tracer(traces.tracer("minicom"));
    // What the exporter itself says is no business of the shop's.
    let ours = Targets::new().with_target("minicom_core", tracing::Level::INFO);
    tracing_subscriber::registry().with(ours).with(spans).init();

    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    let minicom = Minicom::builder()
        .store(MemoryStore::new())
        .authenticator(PathIdentity::new(listener.local_addr()?)?)
        .build()?;
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    let router = minicom_axum::router(minicom.clone());
    axum::serve(listener, router).with_graceful_shutdown(stop).await?;
    minicom.shutdown().await;
    // What was not sent yet is sent now; it blocks, so not on a thread of the runtime's.
    tokio::task::spawn_blocking(move || traces.shutdown()).await??;
    Ok(())
}

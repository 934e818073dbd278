//! The ending of a landed file, which tells how the export is written.

use reqwest::Url;

use super::transport::Head;

/// Returns the ending for an answer: by its content type, then as configured, then
/// by its address. What the server packed all the same is named so.
pub(super) fn of_answer(url: &Url, head: &Head, configured: Option<&str>) -> String {
    let told = head.content_type.as_deref().and_then(of_type);
    let ending = told
        .or(configured)
        .map(str::to_owned)
        .or_else(|| of_name(url.path()))
        .unwrap_or_else(|| "data".to_owned());
    match head.packing.as_deref() {
        Some("gzip" | "x-gzip") if !ending.ends_with(".gz") => format!("{ending}.gz"),
        Some("zstd") if !ending.ends_with(".zst") => format!("{ending}.zst"),
        _ => ending,
    }
}

/// Returns the ending that tells a file's format, such as `csv.gz`.
pub(super) fn of_name(name: &str) -> Option<String> {
    const FORMATS: [&str; 6] = ["csv", "tsv", "ndjson", "jsonl", "json", "parquet"];
    let name = name.rsplit('/').next()?.to_ascii_lowercase();
    let (stem, packed) = match name.rsplit_once('.') {
        Some((stem, ending @ ("gz" | "zst"))) => (stem, Some(ending)),
        _ => (name.as_str(), None),
    };
    let format = stem.rsplit_once('.').map(|(_, ending)| ending)?;
    let format = FORMATS.into_iter().find(|known| *known == format)?;
    Some(packed.map_or_else(|| format.to_owned(), |packed| format!("{format}.{packed}")))
}

/// Returns the ending for a content type, where it tells the format.
fn of_type(content_type: &str) -> Option<&'static str> {
    let name = content_type.split(';').next()?.trim().to_ascii_lowercase();
    match name.as_str() {
        "text/csv" | "application/csv" => Some("csv"),
        "text/tab-separated-values" => Some("tsv"),
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/jsonlines" => Some("ndjson"),
        "application/vnd.apache.parquet" | "application/x-parquet" => Some("parquet"),
        "application/json" | "text/json" => Some("json"),
        name if name.ends_with("+json") => Some("json"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_known_through_packing() {
        for (name, ending) in [
            ("a/b.csv", Some("csv")),
            ("b.2024.CSV.gz", Some("csv.gz")),
            ("x.ndjson.zst", Some("ndjson.zst")),
            ("x.gz", None),
            ("api/items", None),
            ("page.html", None),
        ] {
            assert_eq!(of_name(name).as_deref(), ending, "{name}");
        }
    }
}

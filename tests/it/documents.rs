//! Pages of `docs/` that are written from the source.

use crate::support::{read_text, repository};

#[test]
fn the_page_of_tables_is_what_the_contract_says() {
    let path = repository("docs/tables.md");
    let expected = plimsoll::contract::tables_markdown();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expected).expect("the repository can be written to");
    }
    assert!(
        read_text(&path) == expected,
        "`docs/tables.md` is not what the contract says: BLESS=1 writes it anew"
    );
}

//! What somebody sees who opens the page for the first time, and what one click gives.

use relata_e2e::{Place, visit};

#[tokio::test]
async fn the_sample_everybody_knows_is_open_and_runs_by_one_click() {
    visit(async |page| {
        assert_eq!(page.project_name().await, "Author and Book");
        let sql = page.ddl().await;
        assert!(sql.contains("CREATE TABLE authors"), "{sql}");
        assert!(sql.contains("CREATE TABLE books"), "{sql}");
        assert!(sql.contains("REFERENCES authors (id)"), "{sql}");

        page.run().await;
        assert_eq!(page.statements_sent().await, 6);
        assert_eq!(page.objects_made().await, 12);
        assert_eq!(page.rows().await.len(), 12);
        page.show("Graph").await;
        page.see(&Place::panel("Query").element("*[local-name()='svg']")).await;
    })
    .await;
}

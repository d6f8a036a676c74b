//! What can be chosen behind the button of a relationship, by its labels.

use relata_e2e::{Place, visit};

fn more() -> Place {
    Place::panel("Define").button("More about the relationship")
}

#[tokio::test]
async fn a_collection_is_given_an_order_and_the_sentence_says_so() {
    visit(async |page| {
        page.click(&more()).await;
        page.click(&Place::panel("Define").button("Order Author.books by another field")).await;
        page.choose(&Place::panel("Define").field("Field 1 of the order"), "title").await;
        page.choose(&Place::panel("Define").field("Direction 1 of the order"), "descending").await;
        page.read("in order of title (descending)").await;
        page.load("books", "select-in").await;
        page.run().await;
        let sent = page.statements().await;
        assert!(sent.iter().any(|group| group.sql.contains("ORDER BY books.title DESC")), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn a_sample_of_another_shape_is_found_in_the_list_and_reads_well() {
    visit(async |page| {
        let samples = Place::page().field("More samples");
        page.choose(&samples, "association object · Enrollment with a grade").await;
        page.read(", through Enrollment.").await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 2);
    })
    .await;
}

#[tokio::test]
async fn orphans_without_delete_are_told_beside_and_mended() {
    visit(async |page| {
        page.click(&more()).await;
        page.click(&Place::panel("Define").element("summary")).await;
        page.click(&Place::panel("Define").field("delete-orphan")).await;
        page.read("Choose delete as well.").await;
        page.click(&Place::panel("Define").field("delete")).await;
        page.see_no(&Place::panel("Define").text("Choose delete as well.")).await;
    })
    .await;
}

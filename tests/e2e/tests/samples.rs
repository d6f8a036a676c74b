//! The three samples, each under each loading strategy: as many statements as SQLAlchemy sends, the rows and the
//! objects that the sample's data come to.

use relata::project::Sample;
use relata_e2e::{expected, visit};

/// Runs a sample's query under a strategy and compares everything that comes back.
async fn check(sample: Sample, property: &str, strategy: &str, statements: usize) {
    visit(async |page| {
        page.open_sample(sample.title()).await;
        page.load(property, strategy).await;
        page.run().await;
        let expected = expected(sample, property);

        assert_eq!(page.statements_sent().await, statements, "statements, as the tab says");
        let told = page.statements().await;
        assert_eq!(
            told.iter().map(|group| group.times).sum::<usize>(),
            statements,
            "statements, as told: {told:?}"
        );

        let rows = if strategy == "joined" { expected.joined() } else { expected.apart() };
        assert_eq!(page.rows_returned().await, rows.len(), "rows, as the tab says");
        expected.assert_rows(&page.rows().await, &rows);

        assert_eq!(page.objects_made().await, expected.objects.len(), "objects, as the tab says");
        assert_eq!(page.objects().await, expected.objects);
    })
    .await;
}

#[tokio::test]
async fn user_and_profile_lazy() {
    // The fourth user has no profile: no key, no statement.
    check(Sample::UserProfile, "profile", "lazy", 1 + 3).await;
}

#[tokio::test]
async fn user_and_profile_joined() {
    check(Sample::UserProfile, "profile", "joined", 1).await;
}

#[tokio::test]
async fn user_and_profile_select_in() {
    check(Sample::UserProfile, "profile", "select-in", 2).await;
}

#[tokio::test]
async fn author_and_book_lazy() {
    check(Sample::AuthorBook, "books", "lazy", 1 + 5).await;
}

#[tokio::test]
async fn author_and_book_joined() {
    check(Sample::AuthorBook, "books", "joined", 1).await;
}

#[tokio::test]
async fn author_and_book_select_in() {
    check(Sample::AuthorBook, "books", "select-in", 2).await;
}

#[tokio::test]
async fn student_and_course_lazy() {
    check(Sample::StudentCourse, "courses", "lazy", 1 + 4).await;
}

#[tokio::test]
async fn student_and_course_joined() {
    check(Sample::StudentCourse, "courses", "joined", 1).await;
}

#[tokio::test]
async fn student_and_course_select_in() {
    check(Sample::StudentCourse, "courses", "select-in", 2).await;
}

#[tokio::test]
async fn a_shared_object_is_told_once() {
    visit(async |page| {
        page.open_sample("Student and Course").await;
        page.load("courses", "joined").await;
        page.run().await;
        let lines = page.nested().await;
        let databases = lines.iter().filter(|line| line.contains("“Databases”")).count();
        assert_eq!(databases, 1, "Databases is one object: {lines:#?}");
        let again = lines.iter().filter(|line| line.contains("already shown above")).count();
        // Two more students take Databases, one more takes Compilers.
        assert_eq!(again, 3, "{lines:#?}");
    })
    .await;
}

#[tokio::test]
async fn an_author_without_books_has_an_empty_collection() {
    visit(async |page| {
        page.run().await;
        let lines = page.nested().await;
        let homer = lines.iter().position(|line| line.contains("“Homer”")).unwrap();
        assert!(lines[homer..].iter().any(|line| line.contains("[]")), "{lines:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_condition_narrows_what_comes_back() {
    visit(async |page| {
        page.load("books", "joined").await;
        page.add_condition("name", "like", "%son").await;
        page.run().await;
        let objects = page.objects().await;
        let told: Vec<&str> = objects.iter().map(|object| object.is.as_str()).collect();
        assert_eq!(told, ["Toni Morrison", "Beloved"]);
        page.remove_condition().await;
        page.run().await;
        assert_eq!(page.objects_made().await, 12);
    })
    .await;
}

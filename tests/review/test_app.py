def test_an_empty_journal_has_a_jar(client):
    assert "0 glimmers" in client.get("/").text


def test_what_is_not_there_is_a_sentence(client):
    answer = client.get("/nowhere")
    assert (answer.status_code, "no such page" in answer.text) == (404, True)

package io.shoplens.rawlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonValuesTest {
  private static final List<List<Object>> PATHS =
      List.of(List.of("a", "id"), List.of("b", JsonValues.EACH, "id"), List.of("c", 1));

  @Test
  void onlyWhatThePathsLeadToGoesAndAllElseIsAsItWasWritten() throws JsonProcessingException {
    assertThat(
            without(
                "{'a': {'id' : 17 }, 'b':[{'id':'17'},{'id':170},{'id':'\\u00317'}],'c':[17, 17],"
                    + " 'id':17.0,'n':{'a':{'id':17}}} "))
        .isEqualTo(
            "{'a': {'id' : '' }, 'b':[{'id':''},{'id':170},{'id':''}],'c':[17, ''],"
                + " 'id':17.0,'n':{'a':{'id':17}}} ");
  }

  @Test
  void whatIsNoJsonIsTold() {
    assertThatThrownBy(() -> without("{'a':{'id':17},"))
        .isInstanceOf(JsonProcessingException.class);
  }

  private static String without(String json) throws JsonProcessingException {
    return JsonValues.without(json.replace('\'', '"'), Set.of("17"), PATHS).replace('"', '\'');
  }
}

package io.marsad.normalize.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsEventTest {
    private static List<String> flat(String json) {
        return Leaves.of(Leaves.parse(RecordFormat.WINDOWS, json));
    }

    @Test
    void xmlConvertersShape() {
        assertThat(flat("""
                        {"Event":{"#attributes":{"xmlns":"http://schemas"},"System":{"Provider":{"#attributes":{"Name":"P","Guid":"{G}"}},
                        "EventID":{"#attributes":{"Qualifiers":16384},"#text":7045},"TimeCreated":{"#attributes":{"SystemTime":"2020-01-01T00:00:00.1234567Z"}},
                        "Execution":{"#attributes":{"ProcessID":4,"ThreadID":8}},"Channel":"System","Security":{"@UserID":"S-1-5-18"},"Correlation":null},
                        "EventData":{"ServiceName":"a\\\\b","Data":["one","two"]}}}"""))
                .containsExactly(
                        "Provider_Name=P",
                        "Provider_Guid={G}",
                        "EventID_Qualifiers=#16384",
                        "EventID=#7045",
                        "TimeCreated=2020-01-01T00:00:00.1234567Z",
                        "Execution_ProcessID=#4",
                        "Execution_ThreadID=#8",
                        "Channel=System",
                        "Security_UserID=S-1-5-18",
                        "Correlation=0",
                        "ServiceName=a\\b",
                        "Data=one",
                        "Data=two");
    }

    @Test
    void separateAttributesAndUnnamedText() {
        assertThat(flat("""
                        {"Event":{"System":{"Provider_attributes":{"Name":"P"},"EventID":1},"EventData":{"Data":{"#text":["a","b"]}}}}""")).containsExactly("Provider_Name=P", "EventID=#1", "Data=a", "Data=b");
    }

    @Test
    void dataAsListOfNamesAndTexts() {
        assertThat(flat("""
                        {"Event":{"System":{"EventID":"4624"},"EventData":{"Data":[{"@Name":"TargetUserName","#text":"bob\\t"},
                        {"#text":"x","@Name":"LogonType"},{"@Name":"None"},{"@Name":"Last","#text":null}]}}}""")).containsExactly("EventID=4624", "TargetUserName=bob\t", "LogonType=x", "Last=0");
    }

    @Test
    void clearedLogKeepsBothChannels() {
        assertThat(flat("""
                        {"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Eventlog"}},"EventID":104,"Channel":"System"},
                        "UserData":{"LogFileCleared":{"#attributes":{"xmlns:auto-ns3":"x"},"SubjectUserName":"bob","Channel":"Security","EventID":9}}}}"""))
                .containsExactly(
                        "Provider_Name=Microsoft-Windows-Eventlog",
                        "EventID=#104",
                        "System.Channel=System",
                        "SubjectUserName=bob",
                        "Channel=Security",
                        "EventData.EventID=#9");
    }

    @Test
    void winlogbeat() {
        assertThat(flat("""
                        {"@timestamp":"2020-01-01T00:00:00.000Z","winlog":{"event_id":1,"channel":"Microsoft-Windows-Sysmon/Operational","record_id":7,
                        "process":{"pid":3,"thread":{"id":4}},"event_data":{"Image":"C:\\\\x.exe","Level":"9"},"api":"wineventlog"},"host":{"name":"h"}}"""))
                .containsExactly(
                        "TimeCreated=2020-01-01T00:00:00.000Z",
                        "EventID=#1",
                        "Channel=Microsoft-Windows-Sysmon/Operational",
                        "EventRecordID=#7",
                        "Execution_ProcessID=#3",
                        "Execution_ThreadID=#4",
                        "Image=C:\\x.exe",
                        "Level=9",
                        "winlog.api=wineventlog",
                        "host.name=h");
    }

    @Test
    void flatShapes() {
        assertThat(flat("""
                        {"EventTime":"2020-06-09 22:50:54","@timestamp":"2020-06-10T02:50:56.540Z","EventID":13,"SourceName":"S","Hostname":"h","Channel":"c","RecordNumber":5,"Image":"i","EventType":"SetValue"}"""))
                .containsExactly(
                        "EventTime=2020-06-09 22:50:54",
                        "TimeCreated=2020-06-10T02:50:56.540Z",
                        "EventID=#13",
                        "Provider_Name=S",
                        "Computer=h",
                        "Channel=c",
                        "EventRecordID=#5",
                        "Image=i",
                        "EventType=SetValue");
        assertThat(flat("{\"EventID\":1116,\"Provider_Name\":\"Defender\",\"SourceName\":\"Real-Time Protection\"}"))
                .containsExactly("EventID=#1116", "Provider_Name=Defender", "SourceName=Real-Time Protection");
    }

    @Test
    void whatItMakesItAlsoTakes() {
        assertThat(
                        flat(
                                "{\"Channel\":\"Security\",\"System.Channel\":\"System\",\"EventID\":104,\"EventData.EventID\":9}"))
                .containsExactly("Channel=Security", "System.Channel=System", "EventID=#104", "EventData.EventID=#9");
    }

    @Test
    void refusesWhatIsNoWindowsEvent() {
        assertThat(Leaves.refusal(RecordFormat.WINDOWS, "{\"a\":1}")).contains("EventID");
        assertThat(Leaves.refusal(RecordFormat.WINDOWS, "{\"EventID\":1")).contains("ends early");
    }

    @Test
    void aFloodOfNamesDoesNotKeepRealOnesOut() {
        var parser = RecordFormat.WINDOWS.newParser();
        var tape = new Tape(new PathTable());
        tape.paths().intern("Image");
        for (int i = 0; i < 20_000; i++) {
            var one = ("{\"EventID\":1,\"Event\":{\"EventData\":{\"n" + i + "\":1}}}").getBytes();
            assertThat(parser.parse(one, 0, one.length, 0, tape)).isNull();
        }
        assertThat(Leaves.of(tape)).containsExactly("EventID=#1", "_overflow=n19999=1");
        var real = "{\"Event\":{\"System\":{\"EventID\":1},\"EventData\":{\"Image\":\"x\"}}}".getBytes();
        assertThat(parser.parse(real, 0, real.length, 0, tape)).isNull();
        assertThat(Leaves.of(tape)).containsExactly("EventID=#1", "Image=x");
    }
}

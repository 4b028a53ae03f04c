namespace OrleansLb.Api.Tests.Fixtures;

/// <summary>Objects that many tests need, as JSON.</summary>
public static class Manifests
{
    public static string ConfigMap(string name, string labels = "{}", string metadata = "") =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{{{labels}}}{{{metadata}}}},"data":{"k":"v"}}""";

    public static string Service(string name, string spec) =>
        $$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}}""";

    public static string Pool(string name, string spec = """{"addresses":["192.0.2.0/28"]}""") =>
        $$$"""{"apiVersion":"orleanslb.io/v1alpha1","kind":"AddressPool","metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}}""";
}

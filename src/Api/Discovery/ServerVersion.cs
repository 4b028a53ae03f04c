using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace OrleansLb.Api.Discovery;

/// <summary>The Kubernetes version whose behaviour is served here.</summary>
internal static class ServerVersion
{
    public static JsonObject ToJson() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = "v1.32.0+orleanslb",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = RuntimeInformation.FrameworkDescription,
        ["platform"] = $"{System}/{Machine}",
    };

    private static string System => OperatingSystem.IsWindows() ? "windows" : "linux";

    private static string Machine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
}

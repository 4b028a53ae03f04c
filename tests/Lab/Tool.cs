using System.ComponentModel;
using System.Diagnostics;

namespace OrleansLb.Lab.Tests;

/// <summary>A program of the system that judges us. When it is missing the test fails and names the package; it is never skipped.</summary>
internal static class Tool
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["ip"] = "iproute2",
        ["arping"] = "arping",
        ["tshark"] = "tshark",
        ["dumpcap"] = "tshark",
        ["kubectl"] = "kubernetes-client (or kubectl from https://kubernetes.io/docs/tasks/tools/)",
    };

    /// <summary>Runs it to its end.</summary>
    public static async Task<Result> Run(string name, string[] arguments, CancellationToken cancellation, string input = "")
    {
        using var process = Start(name, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        return new(process.ExitCode, await output, await errors);
    }

    public static Process Start(string name, params string[] arguments) => Start(name, arguments, new Dictionary<string, string>());

    public static Process Start(string name, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"'{name}' is missing: install the Debian package {Packages.GetValueOrDefault(name, name)}.", missing);
        }
    }

    internal sealed record Result(int Code, string Output, string Errors)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public Result Succeeded()
        {
            Assert.True(Code == 0, $"ended with {Code}: {Errors}{Output}");
            return this;
        }
    }
}

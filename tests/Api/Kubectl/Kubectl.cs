using System.Diagnostics;

namespace OrleansLb.Api.Tests.Kubectl;

/// <summary>The unmodified <c>kubectl</c> of this machine, with a home of its own so that nothing is cached from another server.</summary>
public sealed class Kubectl : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("orleanslb-kubectl-").FullName;
    private readonly Uri _server;
    private string _editor = "false";

    public Kubectl(Uri server)
    {
        _server = server;
        File.WriteAllText(Path.Combine(_home, "config"), $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster:
                server: {server.ToString().TrimEnd('/')}
            contexts:
            - name: c
              context:
                cluster: c
                user: u
            users:
            - name: u
              user:
                token: test
            current-context: c
            """);
    }

    public string FilePath(string name, string content)
    {
        var path = Path.Combine(_home, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>What <c>kubectl edit</c> is to do: a program of sed.</summary>
    public void EditWith(string program) => _editor = $"sed -i '{program}'";

    /// <summary>Runs it and expects a failure; what it said on standard error.</summary>
    public async Task<string> FailAsync(params string[] arguments)
    {
        var (code, output, errors) = await TryAsync(null, arguments);
        Assert.True(code != 0, $"kubectl {string.Join(' ', arguments)} should have failed: {output}");
        return errors;
    }

    /// <summary>Runs it and expects success.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await TryAsync(null, arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)} ended with {code}: {errors}{output}");
        return output;
    }

    public async Task<(int Code, string Output, string Errors)> TryAsync(string? input, params string[] arguments)
    {
        using var process = Start(arguments);
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it and leaves it running.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["HOME"] = _home;
        start.Environment["KUBECONFIG"] = Path.Combine(_home, "config");
        start.Environment["KUBE_EDITOR"] = _editor;
        start.Environment["NO_PROXY"] = _server.Host;
        return Process.Start(start) ?? throw new InvalidOperationException("kubectl did not start");
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}

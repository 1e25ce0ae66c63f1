package com.example.kyc

import android.Manifest
import android.annotation.SuppressLint
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Bundle
import android.view.ViewGroup
import android.view.WindowManager
import android.webkit.PermissionRequest
import android.webkit.ValueCallback
import android.webkit.WebChromeClient
import android.webkit.WebResourceRequest
import android.webkit.WebSettings
import android.webkit.WebView
import android.webkit.WebViewClient
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts
import androidx.core.content.ContextCompat

/**
 * openekyc's hosted page in a WebView. Ends when the page goes to RedirectURL, or when the person goes back.
 *
 * How it ended proves nothing, and neither does the address: ask your own backend afterwards, which asks openekyc.
 */
class VerificationActivity : ComponentActivity() {
    private lateinit var web: WebView
    private lateinit var page: Uri
    private lateinit var redirect: Uri
    private var camera: PermissionRequest? = null
    private var chosen: ValueCallback<Array<Uri>>? = null

    private val askForCamera = registerForActivityResult(ActivityResultContracts.RequestPermission()) { granted ->
        camera?.answer(granted)
        camera = null
    }
    private val chooseFile = registerForActivityResult(ActivityResultContracts.GetContent()) { file ->
        chosen?.onReceiveValue(file?.let { arrayOf(it) })
        chosen = null
    }

    @SuppressLint("SetJavaScriptEnabled") // the page is your own server's; nothing else is let in
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        page = Uri.parse(requireNotNull(intent.getStringExtra(PAGE)))
        redirect = Uri.parse(requireNotNull(intent.getStringExtra(REDIRECT)))
        require(page.scheme == "https") { "a WebView gives the camera to https pages only" }
        window.addFlags(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON)
        web = WebView(this)
        web.settings.apply {
            javaScriptEnabled = true
            domStorageEnabled = true
            mediaPlaybackRequiresUserGesture = false // the camera's picture is a video that plays by itself
            allowFileAccess = false
            allowContentAccess = true // pictures that the person chooses arrive as content: addresses
            mixedContentMode = WebSettings.MIXED_CONTENT_NEVER_ALLOW
            setGeolocationEnabled(false)
        }
        web.webViewClient = Navigation()
        web.webChromeClient = Permissions()
        setContentView(web)
        web.loadUrl(page.toString())
    }

    override fun onDestroy() {
        camera?.deny()
        chosen?.onReceiveValue(null)
        (web.parent as? ViewGroup)?.removeView(web)
        web.destroy() // lets the camera go
        super.onDestroy()
    }

    private inner class Permissions : WebChromeClient() {
        override fun onPermissionRequest(request: PermissionRequest) {
            val wanted = PermissionRequest.RESOURCE_VIDEO_CAPTURE in request.resources
            if (!wanted || !request.origin.isOriginOf(page)) return request.deny()
            val app = ContextCompat.checkSelfPermission(this@VerificationActivity, Manifest.permission.CAMERA)
            if (app == PackageManager.PERMISSION_GRANTED) return request.answer(true)
            camera?.deny()
            camera = request
            askForCamera.launch(Manifest.permission.CAMERA)
        }

        override fun onPermissionRequestCanceled(request: PermissionRequest) {
            if (camera == request) camera = null
        }

        /** A picture of the document from the album, where AllowUploadPhoto says so. */
        override fun onShowFileChooser(view: WebView, callback: ValueCallback<Array<Uri>>, options: WebChromeClient.FileChooserParams): Boolean {
            chosen?.onReceiveValue(null)
            chosen = callback
            chooseFile.launch("image/*")
            return true
        }
    }

    private inner class Navigation : WebViewClient() {
        override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest): Boolean {
            val to = request.url
            return when {
                to.isSamePageAs(redirect) -> true.also { done() }
                to.isOriginOf(page) -> false
                else -> true.also { if (request.hasGesture()) openOutside(to) }
            }
        }
    }

    private fun done() {
        setResult(RESULT_OK) // the page is through; your backend knows with which result
        finish()
    }

    /** Privacy terms and the like belong into a browser, not beside the camera. */
    private fun openOutside(to: Uri) {
        if (to.scheme != "https") return
        try {
            startActivity(Intent(Intent.ACTION_VIEW, to).addCategory(Intent.CATEGORY_BROWSABLE))
        } catch (_: ActivityNotFoundException) {
            // no browser: the person stays on the page
        }
    }

    companion object {
        private const val PAGE = "page"
        private const val REDIRECT = "redirect"

        /** Both addresses come from your own backend: VerificationURL, and the RedirectURL it asked for. */
        fun intent(context: Context, verificationUrl: String, redirectUrl: String): Intent =
            Intent(context, VerificationActivity::class.java).putExtra(PAGE, verificationUrl).putExtra(REDIRECT, redirectUrl)
    }
}

/** The camera and nothing else, whatever else was asked for. */
private fun PermissionRequest.answer(granted: Boolean) =
    if (granted) grant(arrayOf(PermissionRequest.RESOURCE_VIDEO_CAPTURE)) else deny()

private fun Uri.isOriginOf(other: Uri) = scheme == other.scheme && authority == other.authority

private fun Uri.isSamePageAs(other: Uri) = isOriginOf(other) && path == other.path
